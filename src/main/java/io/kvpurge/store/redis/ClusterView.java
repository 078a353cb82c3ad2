package io.kvpurge.store.redis;

import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/** Which server holds which slots, as one of them sees it. Immutable. */
final class ClusterView {

	private final List<ClusterNode> nodes;

	/** By slot; null where nobody holds it. */
	private final @Nullable ClusterNode[] owners = new ClusterNode[SlotHash.SLOT_COUNT];

	private ClusterView(List<ClusterNode> nodes) {
		this.nodes = List.copyOf(nodes);
		for (ClusterNode node : primaries()) {
			node.slots().stream().forEach((slot) -> this.owners[slot] = node);
		}
	}

	/**
	 * Reads the answer to CLUSTER NODES.
	 * @param asked where the server listens that gave it
	 * @param byName whether names are preferred to IP addresses
	 */
	static ClusterView parse(String text, ServerAddress asked, boolean byName) {
		List<ClusterNode> nodes = new ArrayList<>();
		text.lines().forEach((line) -> {
			ClusterNode node = ClusterNode.parse(line.strip(), asked, byName);
			if (node != null) {
				nodes.add(node);
			}
		});
		return new ClusterView(nodes);
	}

	/** Those that hold slots. */
	List<ClusterNode> primaries() {
		return this.nodes.stream().filter((node) -> node.primary() && !node.slots().isEmpty()).toList();
	}

	/** The primary of this id, null if it is none. */
	@Nullable ClusterNode primary(String id) {
		return primaries().stream().filter((node) -> node.id().equals(id)).findFirst().orElse(null);
	}

	/** Those that are not thought to be gone. */
	List<ServerAddress> addresses() {
		return this.nodes.stream().filter((node) -> !node.failed()).map(ClusterNode::address).toList();
	}

	/** Who holds a slot, null if nobody does. */
	@Nullable ClusterNode owner(int slot) {
		return this.owners[slot];
	}

	/** What the one that was asked said of itself; null if it said nothing. */
	static @Nullable ClusterNode myself(String text, ServerAddress asked) {
		for (String line : text.lines().toList()) {
			if (line.contains("myself")) {
				return ClusterNode.parse(line.strip(), asked, false);
			}
		}
		return null;
	}

}
