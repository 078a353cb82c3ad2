package io.kvpurge.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.TransientStoreException;

/**
 * Fails by chance, in every way in which a store may, and remembers what the wrapped
 * store was really asked and answered. What chance says depends on the seed, on what is
 * asked and on how often it was asked before, not on which thread comes first. Safe for
 * use by several threads.
 */
public final class FaultyKeyValueStore extends ForwardingKeyValueStore {

	/** Why {@link Faults#refused} keys are never deleted. */
	public static final String REFUSAL = "the key is locked";

	private static final int LONGEST_DELAY_NANOS = 1_000_000;

	private final Faults faults;

	private final long seed;

	private final Map<Object, Integer> asked = new ConcurrentHashMap<>();

	private final Map<Key, List<Answer>> answers = new ConcurrentHashMap<>();

	public FaultyKeyValueStore(KeyValueStore store, Faults faults, long seed) {
		super(store);
		this.faults = faults;
		this.seed = seed;
	}

	/** What the wrapped store answered about each key that it was asked to delete. */
	public Map<Key, List<Answer>> answers() {
		return Map.copyOf(this.answers);
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		RandomGenerator chance = chance(List.of("list", range, from));
		delay(chance);
		failBefore(chance, this.faults.list());
		return super.list(range, from, limit);
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		RandomGenerator chance = chance(List.of("find", List.copyOf(keys)));
		delay(chance);
		failBefore(chance, this.faults.find());
		return super.find(keys);
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		RandomGenerator chance = chance(List.of("delete", keys(entries)));
		delay(chance);
		double drawn = chance.nextDouble() - this.faults.deleteBefore();
		if (drawn < 0) {
			return DeleteResult.allUndone(keys(entries), new TransientStoreException("too many requests", null, null));
		}
		drawn -= this.faults.deleteAfter();
		if (drawn < 0) {
			reallyDelete(entries);
			delay(chance);
			return DeleteResult.allDoubtful(keys(entries),
					new TransientStoreException("the answer was lost", null, null));
		}
		return (drawn < this.faults.deletePartly()) ? deletePartly(entries, chance) : reallyDelete(entries);
	}

	/** A third is answered, a third not begun, and of a third the answer is lost. */
	private DeleteResult deletePartly(List<KeyEntry> entries, RandomGenerator chance) {
		List<KeyEntry> answered = new ArrayList<>();
		List<KeyEntry> unanswered = new ArrayList<>();
		List<KeyEntry> undone = new ArrayList<>();
		List<KeyEntry> doubtful = new ArrayList<>();
		boolean anyDoubtful = chance.nextBoolean();
		for (KeyEntry entry : entries) {
			switch (chance.nextInt(3)) {
				case 0 -> answered.add(entry);
				case 1 -> undone.add(entry);
				default -> (anyDoubtful ? doubtful : undone).add(entry);
			}
		}
		doubtful.stream().filter((entry) -> chance.nextBoolean()).forEach(unanswered::add);
		reallyDelete(unanswered);
		DeleteResult result = reallyDelete(answered);
		delay(chance);
		if (!undone.isEmpty()) {
			result = result
				.and(DeleteResult.allUndone(keys(undone), new TransientStoreException("partly busy", null, null)));
		}
		if (!doubtful.isEmpty()) {
			result = result
				.and(DeleteResult.allDoubtful(keys(doubtful), new TransientStoreException("cut off", null, null)));
		}
		return result;
	}

	private DeleteResult reallyDelete(List<KeyEntry> entries) {
		Map<Key, String> refused = new LinkedHashMap<>();
		List<KeyEntry> allowed = new ArrayList<>();
		for (KeyEntry entry : entries) {
			if (this.faults.refused().test(entry.key())) {
				refused.put(entry.key(), REFUSAL);
			}
			else {
				allowed.add(entry);
			}
		}
		DeleteResult result = super.delete(allowed);
		result.deleted().forEach((key) -> remember(key, Answer.DELETED));
		result.vanished().forEach((key) -> remember(key, Answer.VANISHED));
		result.spared().forEach((key) -> remember(key, Answer.SPARED));
		return result.and(new DeleteResult(List.of(), List.of(), List.of(), refused, List.of(), List.of(), null));
	}

	private void remember(Key key, Answer answer) {
		this.answers.merge(key, List.of(answer), (before, now) -> {
			List<Answer> all = new ArrayList<>(before);
			all.addAll(now);
			return List.copyOf(all);
		});
	}

	private RandomGenerator chance(Object question) {
		int times = this.asked.merge(question, 1, Integer::sum);
		return new SplittableRandom(this.seed * 0x9E3779B97F4A7C15L + 31L * question.hashCode() + times);
	}

	private void delay(RandomGenerator chance) {
		if (chance.nextDouble() < this.faults.delay()) {
			LockSupport.parkNanos(chance.nextInt(LONGEST_DELAY_NANOS));
		}
		else {
			Thread.yield();
		}
	}

	private static void failBefore(RandomGenerator chance, double probability) {
		if (chance.nextDouble() < probability) {
			throw new TransientStoreException("busy", null, null);
		}
	}

	private static List<Key> keys(List<KeyEntry> entries) {
		return entries.stream().map(KeyEntry::key).toList();
	}

	/** What the wrapped store said of one key. */
	public enum Answer {

		DELETED, VANISHED, SPARED

	}

	/**
	 * How likely each fault is, 0 to 1.
	 *
	 * @param list a listing fails
	 * @param find a look fails
	 * @param deleteBefore a delete fails before anything was done
	 * @param deleteAfter the answer of a delete is lost
	 * @param deletePartly a delete breaks off in the middle
	 * @param delay a call takes a little longer
	 * @param refused the keys that are never deleted
	 */
	public record Faults(double list, double find, double deleteBefore, double deleteAfter, double deletePartly,
			double delay, Predicate<Key> refused) {

		/** Nothing ever fails. */
		public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, (key) -> false);

	}

}
