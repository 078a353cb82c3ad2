package io.kvpurge.job;

import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;

/** The writer of a plan: what matches was counted already, and stays. */
final class CountingItemWriter implements ItemStreamWriter<MatchedEntry> {

	private final RangeReading reading;

	private final RangeWork work;

	CountingItemWriter(RangeReading reading, RangeWork work) {
		this.reading = reading;
		this.work = work;
	}

	@Override
	public void write(Chunk<? extends MatchedEntry> chunk) {
	}

	@Override
	public void update(ExecutionContext executionContext) {
		boolean done = this.reading.isExhausted();
		if (done ? !this.work.saved().done() : this.work.isSaveDue()) {
			this.work.save(this.reading.position(), done);
		}
		RangeProgressContext.put(executionContext, this.work.saved());
	}

}
