package io.kvpurge.job;

import java.util.ArrayList;
import java.util.List;

import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;

import io.kvpurge.store.Key;

/**
 * The writer of a plan: writes down what would go, a thousand keys at a time, in one
 * transaction with the position behind them. What matches stays in the store.
 */
final class PlanItemWriter implements ItemStreamWriter<MatchedEntry> {

	/** So many keys are written down together. */
	static final int KEYS = 1000;

	private final RangeReading reading;

	private final RangeWork work;

	private final List<Key> gathered = new ArrayList<>();

	PlanItemWriter(RangeReading reading, RangeWork work) {
		this.reading = reading;
		this.work = work;
	}

	@Override
	public void write(Chunk<? extends MatchedEntry> chunk) {
		chunk.forEach((entry) -> this.gathered.add(entry.key()));
	}

	/** The position is that behind all that was gathered. */
	@Override
	public void update(ExecutionContext executionContext) {
		boolean done = this.reading.isExhausted();
		if (this.gathered.size() >= KEYS || (done ? !this.work.saved().done() : this.work.isSaveDue())) {
			this.work.plan(this.gathered, this.reading.position(), done);
			this.gathered.clear();
		}
		RangeProgressContext.put(executionContext, this.work.saved());
	}

}
