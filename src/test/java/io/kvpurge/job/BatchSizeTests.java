package io.kvpurge.job;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchSizeTests {

	private final BatchSize size = new BatchSize(10_000);

	@Test
	void itIsHalvedDownToAThirtySecond() {
		for (int expected : new int[] { 5000, 2500, 1250, 625, 312 }) {
			assertThat(this.size.halve()).isTrue();
			assertThat(this.size.keys()).isEqualTo(expected);
		}
		assertThat(this.size.halve()).isFalse();
		assertThat(this.size.keys()).isEqualTo(312);
	}

	@Test
	void eightGoodCallsInARowDoubleItAgain() {
		this.size.halve();
		this.size.halve();
		growTimes(7);
		assertThat(this.size.keys()).isEqualTo(2500);
		growTimes(1);
		assertThat(this.size.keys()).isEqualTo(5000);
		growTimes(7);
		this.size.halve();
		growTimes(7);
		assertThat(this.size.keys()).isEqualTo(2500);
		growTimes(1 + 8 + 8);
		assertThat(this.size.keys()).isEqualTo(10_000);
	}

	@Test
	void aSmallLimitIsHalvedDownToOneKey() {
		BatchSize small = new BatchSize(2);
		assertThat(small.halve()).isTrue();
		assertThat(small.halve()).isFalse();
		assertThat(small.keys()).isEqualTo(1);
	}

	private void growTimes(int times) {
		for (int i = 0; i < times; i++) {
			this.size.grow();
		}
	}

}
