package io.kvpurge.store.redis;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A server of a cluster, as one of them sees it.
 *
 * @param id the same for as long as it is one of the cluster
 * @param address where it listens
 * @param primary whether it takes deletes
 * @param failed whether it is thought to be gone
 * @param slots the slots that it holds
 * @param moving those of them whose keys are on their way to another server; known to
 * itself only
 */
record ClusterNode(String id, ServerAddress address, boolean primary, boolean failed, SlotSet slots, SlotSet moving) {

	private static final int FIRST_SLOT = 8;

	/**
	 * Reads a line of CLUSTER NODES; null for a node that has no address.
	 * @param asked where the server listens that was asked
	 * @param byName whether names are preferred to IP addresses, as certificates have
	 * them
	 */
	static @Nullable ClusterNode parse(String line, ServerAddress asked, boolean byName) {
		String[] fields = line.split(" ", -1);
		if (fields.length < FIRST_SLOT) {
			return null;
		}
		List<String> flags = Arrays.asList(fields[2].split(",", -1));
		ServerAddress address = flags.contains("myself") ? asked : address(fields[1], byName);
		if (address == null || flags.contains("noaddr") || flags.contains("handshake")) {
			return null;
		}
		SlotSet slots = SlotSet.NONE;
		SlotSet moving = SlotSet.NONE;
		for (int i = FIRST_SLOT; i < fields.length; i++) {
			String field = fields[i];
			if (field.startsWith("[")) {
				int arrow = field.indexOf("->-");
				moving = (arrow > 0) ? moving.and(SlotSet.parse(field.substring(1, arrow))) : moving;
			}
			else {
				slots = slots.and(SlotSet.parse(field));
			}
		}
		return new ClusterNode(fields[0], address, flags.contains("master"),
				flags.contains("fail") || flags.contains("fail?"), slots, moving);
	}

	/** Reads {@code IP:PORT@BUSPORT,NAME}: only the first two are always there. */
	private static @Nullable ServerAddress address(String text, boolean byName) {
		String[] parts = text.split(",", -1);
		String place = parts[0].split("@", 2)[0];
		int colon = place.lastIndexOf(':');
		if (colon < 0 || !place.substring(colon + 1).matches("\\d{1,5}")) {
			return null;
		}
		String name = (parts.length > 1) ? parts[1] : "";
		String host = (!name.isEmpty() && !name.contains("=") && (byName || colon == 0)) ? name
				: place.substring(0, colon);
		return host.isEmpty() ? null : new ServerAddress(host, Integer.parseInt(place.substring(colon + 1)));
	}

	/** The slots all of whose keys it has: not those that it gives away. */
	SlotSet steady() {
		return this.primary ? this.slots.without(this.moving) : SlotSet.NONE;
	}

}
