package io.kvpurge.definition;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Who is told how runs end, beside whoever launched them. The addresses may let their
 * reader in: they stand in no message.
 *
 * @param textfileDirectory where a file with the metrics goes, null for nowhere
 * @param otlpUrl where metrics are pushed to, null for nowhere
 * @param webhookUrl what is called, null for nothing
 * @param webhookOn on what it is called
 * @param stalledAfter how long a run may come no further until it counts as stalled
 */
public record Notices(@Nullable Path textfileDirectory, @Nullable URI otlpUrl, @Nullable URI webhookUrl,
		Set<RunEvent> webhookOn, Duration stalledAfter) {

	/** Nobody is told. */
	public static final Notices NONE = new Notices(null, null, null, EnumSet.allOf(RunEvent.class),
			Duration.ofMinutes(15));

	public Notices {
		webhookOn = Set.copyOf(webhookOn);
		if (stalledAfter.isNegative() || stalledAfter.isZero()) {
			throw new IllegalArgumentException("stalled-after is longer than nothing");
		}
	}

	Notices withTextfileDirectory(@Nullable Path other) {
		return new Notices(other, this.otlpUrl, this.webhookUrl, this.webhookOn, this.stalledAfter);
	}

	Notices withOtlpUrl(@Nullable URI other) {
		return new Notices(this.textfileDirectory, other, this.webhookUrl, this.webhookOn, this.stalledAfter);
	}

	Notices withWebhookUrl(@Nullable URI other) {
		return new Notices(this.textfileDirectory, this.otlpUrl, other, this.webhookOn, this.stalledAfter);
	}

	Notices withWebhookOn(Set<RunEvent> other) {
		return new Notices(this.textfileDirectory, this.otlpUrl, this.webhookUrl, other, this.stalledAfter);
	}

	Notices withStalledAfter(Duration other) {
		return new Notices(this.textfileDirectory, this.otlpUrl, this.webhookUrl, this.webhookOn, other);
	}

}
