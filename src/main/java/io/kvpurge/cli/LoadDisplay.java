package io.kvpurge.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how much is loaded. */
interface LoadDisplay extends AutoCloseable {

	/** Shows nothing. */
	LoadDisplay NONE = (loaded) -> {
	};

	void show(long loaded);

	/** Nothing is shown any more. */
	@Override
	default void close() {
	}

	/** A bar. */
	final class Bar implements LoadDisplay {

		private final ProgressBar bar;

		Bar(PrintStream stream, long total) {
			this.bar = new ProgressBarBuilder().setTaskName("loading")
				.setInitialMax(total)
				.setStyle(ProgressBarStyle.ASCII)
				.setUpdateIntervalMillis(200)
				.setConsumer(new ConsoleProgressBarConsumer(stream))
				.build();
		}

		@Override
		public void show(long loaded) {
			this.bar.stepTo(loaded);
		}

		@Override
		public void close() {
			this.bar.close();
		}

	}

	/** A line every few seconds. */
	final class Lines implements LoadDisplay {

		private static final Duration INTERVAL = Duration.ofSeconds(5);

		private final PrintStream stream;

		private final long total;

		private final LongSupplier nanos;

		private long shownNanos;

		Lines(PrintStream stream, long total, LongSupplier nanos) {
			this.stream = stream;
			this.total = total;
			this.nanos = nanos;
			this.shownNanos = nanos.getAsLong();
		}

		@Override
		public void show(long loaded) {
			long now = this.nanos.getAsLong();
			if (now - this.shownNanos >= INTERVAL.toNanos()) {
				this.stream.println("loaded %,d of %,d".formatted(loaded, this.total));
				this.shownNanos = now;
			}
		}

	}

}
