package io.kvpurge.store.redis;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterViewTests {

	/** As Redis 6.2, and 7 with names, answer to CLUSTER NODES. */
	private static final String NODES = """
			aa 127.0.0.1:7000@17000,red.example myself,master - 0 1 1 connected 0-100 102 [101-<-bb] [7->-bb]
			bb 10.0.0.2:7001@17001,blue.example master - 0 2 2 connected 101 103-16382
			cc 10.0.0.3:7002@17002,, slave bb 0 3 2 connected
			dd 10.0.0.4:7003@17003,,shard-id=69bc master,fail - 0 4 4 disconnected
			ee :0@0 master,noaddr - 0 5 5 disconnected
			""";

	private static final ServerAddress ASKED = new ServerAddress("seed.example", 7000);

	private static final ClusterView VIEW = ClusterView.parse(NODES, ASKED, false);

	@Test
	void eachSlotHasTheServerThatHoldsIt() {
		assertThat(VIEW.owner(102)).isNotNull().extracting(ClusterNode::address).isEqualTo(ASKED);
		assertThat(VIEW.owner(101)).isNotNull()
			.extracting(ClusterNode::address)
			.isEqualTo(new ServerAddress("10.0.0.2", 7001));
		assertThat(VIEW.owner(16_383)).isNull();
		assertThat(VIEW.primaries()).extracting(ClusterNode::id).containsExactly("aa", "bb");
		assertThat(VIEW.primary("cc")).isNull();
	}

	@Test
	void aSlotThatIsGivenAwayIsNotHeldWholly() {
		assertThat(ClusterView.myself(NODES, ASKED)).isNotNull().satisfies((myself) -> {
			assertThat(myself.moving()).hasToString("7");
			assertThat(myself.steady()).hasToString("0-6,8-100,102");
		});
	}

	@Test
	void whoIsGoneIsNotAsked() {
		assertThat(VIEW.addresses()).containsExactly(ASKED, new ServerAddress("10.0.0.2", 7001),
				new ServerAddress("10.0.0.3", 7002));
	}

	@Test
	void certificatesHaveNames() {
		assertThat(ClusterView.parse(NODES, ASKED, true).owner(101)).isNotNull()
			.extracting(ClusterNode::address)
			.isEqualTo(new ServerAddress("blue.example", 7001));
	}

}
