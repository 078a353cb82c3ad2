package io.kvpurge.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes an exported run by chance, as somebody would who knows its form: in half of the
 * cases with all hashes and numbers made to fit, but for the seal.
 */
final class ExportMutator {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Random random;

	private final List<String> lines;

	ExportMutator(Random random, String text) {
		this.random = random;
		this.lines = new ArrayList<>(text.lines().toList());
	}

	/** What was done. */
	String mutate() {
		String what = switch (this.random.nextInt(9)) {
			case 0 -> "dropped line " + this.lines.remove(place());
			case 1 -> {
				int from = place();
				this.lines.add(place(), this.lines.get(from));
				yield "duplicated line " + (from + 1);
			}
			case 2 -> {
				int one = place();
				int other = place();
				Collections.swap(this.lines, one, other);
				yield "swapped lines " + (one + 1) + " and " + (other + 1);
			}
			case 3 -> {
				int from = place();
				this.lines.subList(from, this.lines.size()).clear();
				yield "truncated at line " + (from + 1);
			}
			default -> changeField();
		};
		if (this.random.nextBoolean()) {
			try {
				makeHashesFit();
				return what + ", and its hashes made to fit";
			}
			catch (RuntimeException ex) {
				return what + ", and its hashes cannot be made to fit";
			}
		}
		return what;
	}

	String text() {
		StringBuilder text = new StringBuilder();
		this.lines.forEach((line) -> text.append(line).append('\n'));
		return text.toString();
	}

	private int place() {
		return this.random.nextInt(this.lines.size());
	}

	private String changeField() {
		int place = place();
		ObjectNode json = (ObjectNode) JSON.readTree(this.lines.get(place));
		ObjectNode target = json;
		if (json.has("launches") && json.get("launches").size() > 0 && this.random.nextBoolean()) {
			target = (ObjectNode) json.get("launches").get(this.random.nextInt(json.get("launches").size()));
		}
		List<String> names = new ArrayList<>(target.propertyNames());
		names.removeAll(List.of("seal", "launches"));
		// When a run was pruned is covered by no hash, only that it was.
		names.removeIf((name) -> name.equals("prunedAt") && !json.get(name).isNull());
		String name = names.get(this.random.nextInt(names.size()));
		JsonNode before = target.get(name);
		target.set(name, changed(before));
		this.lines.set(place, json.toString());
		return "line " + (place + 1) + " " + name + ": " + before + " -> " + target.get(name);
	}

	private JsonNode changed(JsonNode value) {
		if (value.isBoolean()) {
			return JSON.valueToTree(!value.booleanValue());
		}
		if (value.isNumber()) {
			return JSON.valueToTree(value.longValue() + this.random.nextInt(3) - 1);
		}
		if (value instanceof ArrayNode keys) {
			List<JsonNode> all = new ArrayList<>(keys.values());
			int place = this.random.nextInt(all.size());
			switch (this.random.nextInt(4)) {
				case 0 -> all.remove(place);
				case 1 -> all.add(place, all.get(place));
				case 2 -> Collections.swap(all, place, this.random.nextInt(all.size()));
				default -> all.set(place, changed(all.get(place)));
			}
			return JSON.valueToTree(all);
		}
		if (this.random.nextInt(8) == 0) {
			return JSON.nullNode();
		}
		String text = value.isString() ? value.stringValue() : "";
		if (text.isEmpty()) {
			return JSON.valueToTree("x");
		}
		int place = this.random.nextInt(text.length());
		return JSON.valueToTree(text.substring(0, place) + "0a\"ö ".charAt(this.random.nextInt(5))
				+ text.substring(place + this.random.nextInt(2)));
	}

	/** Every hash and every number of lines as the other lines would have it. */
	private void makeHashesFit() {
		List<String> fitting = new ArrayList<>();
		RunId run = ExportLines.run(JSON.readTree(this.lines.get(0))).id();
		RangeChain chain = null;
		int rangeAt = -1;
		int ranges = 0;
		long calls = 0;
		for (String line : this.lines) {
			ObjectNode json = (ObjectNode) JSON.readTree(line);
			if (json.has("call")) {
				StoredCall call = ExportLines.call(run, json);
				String announced = CallHashes.announced(chain.lastAnnounced(), run, call.range(), call.sequence(),
						call.attempt(), call.announcedAt(), call.call().keys());
				json.put("announcedHash", announced);
				if (call.settledHash() != null) {
					json.put("settledHash",
							CallHashes.settled(announced, call.outcomes(), call.reasons(), call.settledAt()));
				}
				chain = chain.and(announced,
						json.get("settledHash").isNull() ? null : json.get("settledHash").stringValue());
				calls++;
			}
			else if (json.has("range")) {
				seal(fitting, rangeAt, run, chain);
				ranges++;
				json.put("range", ranges);
				rangeAt = fitting.size();
				RangeChain pruned = ExportLines.range(run, json).prunedChain();
				chain = (pruned != null) ? pruned : RangeChain.start(run, ranges);
			}
			else if (json.has("end")) {
				json.put("ranges", ranges).put("calls", calls);
			}
			fitting.add(json.toString());
		}
		seal(fitting, rangeAt, run, chain);
		if (!fitting.get(fitting.size() - 1).startsWith("{\"end\"")) {
			fitting.add(ExportLines.end(run, ranges, calls));
		}
		this.lines.clear();
		this.lines.addAll(fitting);
	}

	private static void seal(List<String> fitting, int place, RunId run, RangeChain chain) {
		if (place >= 0) {
			ObjectNode json = (ObjectNode) JSON.readTree(fitting.get(place));
			json.put("sealedHash", CallHashes.range(ExportLines.range(run, json), chain));
			fitting.set(place, json.toString());
		}
	}

	/** Some bits or the end of a file, without any knowledge of its form. */
	static byte[] damaged(Random random, byte[] whole) {
		if (random.nextInt(3) == 0) {
			return Arrays.copyOf(whole, random.nextInt(whole.length));
		}
		byte[] damaged = whole.clone();
		damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
		return damaged;
	}

}
