package io.kvpurge.store;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What a store keeps beside a value: any JSON value, or nothing. A value is made of
 * {@link Map} (string keys, in the store's order), {@link List}, {@link String},
 * {@link Long}, {@link Double}, {@link java.math.BigInteger} (beyond a long),
 * {@link java.math.BigDecimal} (beyond a double, in entries to be written),
 * {@link Boolean} and null; a store that has typed columns may give
 * {@link java.time.Instant} as well, and {@link Unreadable} for what it cannot make sense
 * of. Whoever makes one hands it over and does not change it any more. Immutable, and
 * equal by the value.
 */
public final class Metadata {

	/** No metadata. */
	public static final Metadata ABSENT = new Metadata(false, () -> null, true);

	private final boolean isPresent;

	private final Supplier<@Nullable Object> value;

	private final boolean isRead;

	private Metadata(boolean isPresent, Supplier<@Nullable Object> value, boolean isRead) {
		this.isPresent = isPresent;
		this.value = value;
		this.isRead = isRead;
	}

	public static Metadata of(@Nullable Object value) {
		return new Metadata(true, () -> value, true);
	}

	/**
	 * Metadata that is read from its text each time that somebody asks for the value: an
	 * entry that waits for its turn, or that nobody judges by its metadata, then takes no
	 * more than the text.
	 * @param value reads the same value each time, and does not fail
	 */
	public static Metadata read(Supplier<@Nullable Object> value) {
		return new Metadata(true, value, false);
	}

	/**
	 * The same, whose value is read at most once. For whoever asks more than once and
	 * lets go of it soon, as it takes the room of its value; for one thread.
	 */
	public Metadata readOnce() {
		return this.isRead ? this : new Metadata(true, new ReadOnce(this.value), true);
	}

	/** Whether asking for the value takes no time, but perhaps at the first. */
	boolean isRead() {
		return this.isRead;
	}

	/** Whether there is metadata at all; JSON's {@code null} is present. */
	public boolean isPresent() {
		return this.isPresent;
	}

	/** The JSON value, null if absent. */
	public @Nullable Object value() {
		return this.value.get();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Metadata that && this.isPresent == that.isPresent
				&& Objects.equals(value(), that.value());
	}

	@Override
	public int hashCode() {
		return 31 * Boolean.hashCode(this.isPresent) + Objects.hashCode(value());
	}

	@Override
	public String toString() {
		return this.isPresent ? String.valueOf(value()) : "absent";
	}

	/** Remembers what was read. */
	private static final class ReadOnce implements Supplier<@Nullable Object> {

		private final Supplier<@Nullable Object> reading;

		private @Nullable Object value;

		private boolean isRead;

		ReadOnce(Supplier<@Nullable Object> reading) {
			this.reading = reading;
		}

		@Override
		public @Nullable Object get() {
			if (!this.isRead) {
				this.value = this.reading.get();
				this.isRead = true;
			}
			return this.value;
		}

	}

}
