package io.kvpurge.issues;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.Settings;
import io.kvpurge.job.ChildJobs;
import io.kvpurge.job.RunListener;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.EntryFields;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.redis.RedisStoreType;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Redis runs no script that names a key which is forbidden to the user. So a run ended
 * with 1, and did so at each launch, where some keys of a call were forbidden: none of
 * them went, nor could a call in doubt be looked into.
 */
class ForbiddenKeysTests {

	private static final int KEYS = 3_000;

	private static final String DEFINITION = """
			version: 1
			name: forbidden
			store: {type: memory, name: unused}
			select: {prefixes: ["key:"], where: all}
			limits: {max-fraction: 1}
			""";

	@TempDir
	private Path home;

	private String url = "";

	private StatefulRedisConnection<String, String> connection;

	@BeforeEach
	void fill() {
		this.url = RedisServer.shared().newDatabase();
		this.connection = RedisServer.shared().connect(this.url);
		this.connection.sync()
			.mset(IntStream.range(0, KEYS).boxed().collect(Collectors.toMap((n) -> "key:" + n, String::valueOf)));
		this.connection.sync()
			.aclSetuser("some",
					AclSetuserArgs.Builder.on()
						.resetKeys()
						.addPassword("secret")
						.allCommands()
						.keyPattern("key:*[0-8]"));
	}

	@AfterEach
	void disconnect() {
		this.connection.close();
	}

	private KeyValueStore open(String... metadata) {
		return new RedisStoreType().open(new StoreOptions(
				Map.of("url", List.of(this.url), "username", List.of("some"), "password", List.of("secret")),
				Duration.ofSeconds(30), new EntryFields(Set.of(metadata), false, false)));
	}

	private static Set<Key> forbidden() {
		return IntStream.range(0, KEYS)
			.filter((n) -> n % 10 == 9)
			.mapToObj((n) -> Key.of("key:" + n))
			.collect(Collectors.toSet());
	}

	@Test
	void aRunEndsWithTheForbiddenKeysRefused() {
		assertEnded(run(open()));
	}

	@Test
	void aCallWhoseAnswerWasLostIsLookedInto() {
		assertEnded(run(new ForwardingKeyValueStore(open()) {

			private boolean lost;

			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				DeleteResult result = super.delete(entries);
				if (this.lost || !result.undone().isEmpty()) {
					return result;
				}
				this.lost = true;
				return DeleteResult.allDoubtful(entries.stream().map(KeyEntry::key).toList(),
						new TransientStoreException("lost", null, null));
			}

		}));
	}

	private RunReport run(KeyValueStore store) {
		return ChildJobs
			.create(this.home.toString(), (definition) -> store, Duration.ofSeconds(20),
					Settings.DEFAULT.withSettleDelay(Duration.ofMillis(1)), Clock.systemUTC())
			.run(new RunRequest(new DefinitionReader().read(DEFINITION, "test").bind(Map.of()), RunMode.PURGE, false),
					RunListener.NONE);
	}

	private void assertEnded(RunReport report) {
		assertThat(report.errors()).isEmpty();
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().deleted()).isEqualTo(KEYS - forbidden().size());
		assertThat(report.counts().refused()).isEqualTo(forbidden().size());
		assertThat(this.connection.sync().keys("*").stream().map(Key::of))
			.containsExactlyInAnyOrderElementsOf(forbidden());
	}

	@Test
	void whatARuleMustLookAtAndMayNotEndsTheListing() {
		try (KeyValueStore store = open("type")) {
			assertThatExceptionOfType(InvalidStoreException.class)
				.isThrownBy(() -> store.list(KeyRange.of(Key.of("key:")), ListingPosition.START, 100))
				.withMessageContaining("the user may not")
				.withMessageContaining("docs/redis.md");
		}
	}

}
