package io.kvpurge.testkit.cloudflare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/** Does what a request asks for, or lets it go wrong. */
final class Service {

	private final Settings settings;

	private final String account;

	private final Counters counters;

	private final KeyCalls keyCalls;

	private final BulkCalls bulkCalls;

	private final FaultPlan faultPlan = new FaultPlan();

	private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();

	/** By the order they were created in. */
	private final Map<Integer, Namespace> created = new ConcurrentSkipListMap<>();

	private final AtomicInteger creations = new AtomicInteger();

	private final Map<Call, Duration> latencies = new ConcurrentHashMap<>();

	private final Set<Call> denied = ConcurrentHashMap.newKeySet();

	private volatile RequestListener listener = new RequestListener() {
	};

	Service(Settings settings, String account, Counters counters, KeyCalls keyCalls, BulkCalls bulkCalls) {
		this.settings = settings;
		this.account = account;
		this.counters = counters;
		this.keyCalls = keyCalls;
		this.bulkCalls = bulkCalls;
	}

	FaultPlan faultPlan() {
		return this.faultPlan;
	}

	Map<Call, Duration> latencies() {
		return this.latencies;
	}

	/** Calls that the token may not make. */
	Set<Call> denied() {
		return this.denied;
	}

	BulkCalls bulkCalls() {
		return this.bulkCalls;
	}

	void listener(RequestListener listener) {
		this.listener = listener;
	}

	Namespace createNamespace(String id, String title, Random random) {
		long most = this.settings.consistencyDelay().toMillis();
		Namespace namespace = new Namespace(id, title, this.settings.tombstones().toMillis(),
				() -> (most == 0) ? 0 : (long) (random.nextDouble() * (most + 1)));
		this.created.put(this.creations.getAndIncrement(), namespace);
		this.namespaces.put(id, namespace);
		return namespace;
	}

	Namespace namespace(String id) {
		return Objects.requireNonNull(this.namespaces.get(id), () -> "no namespace " + id);
	}

	/** Answers a request whose token is right. */
	Outcome serve(Request request) {
		this.counters.called(request.call());
		this.listener.arrived(request.number(), request.call());
		Outcome outcome;
		try {
			allow(request.route());
			String id = request.route().namespace();
			Request found = (id != null) ? request.in(existing(id)) : request;
			outcome = found.call().isBulk() ? bulk(found) : faulty(found);
		}
		catch (ApiError ex) {
			outcome = new Outcome(ex.answer(), null);
		}
		this.listener.answered(request.number(), request.call(), outcome.answer().status());
		return outcome;
	}

	private void allow(Route route) {
		if (route.account() != null && !route.account().equals(this.account)) {
			boolean looksRight = route.account().matches("[0-9a-f]{32}");
			throw new ApiError(looksRight ? 403 : 404, 7003,
					"Could not route to /accounts/" + route.account() + ", perhaps your object identifier is invalid?");
		}
		if (this.denied.contains(route.call())) {
			throw new ApiError(403, 10037, "the token has no permission for this");
		}
	}

	private Namespace existing(String id) {
		if (!id.matches("[0-9a-f]{32}")) {
			throw new ApiError(400, 10011, "could not parse namespace ID from request");
		}
		Namespace namespace = this.namespaces.get(id);
		if (namespace == null) {
			throw new ApiError(404, 10013, "namespace not found");
		}
		return namespace;
	}

	private Outcome bulk(Request request) {
		try {
			if (this.counters.bulkCallBegins() > this.settings.bulkAtOnce()) {
				throw new ApiError(429, 10046, "too many bulk operations in progress");
			}
			return faulty(request);
		}
		finally {
			this.counters.bulkCallEnds();
		}
	}

	private Outcome faulty(Request request) {
		pause(this.latencies.getOrDefault(request.call(), Duration.ZERO));
		Fault fault = this.faultPlan.next(request.call(), request.hasCursor());
		Answer right;
		try {
			right = operate(request.at(this.settings.clock().millis(), fault));
		}
		catch (ApiError ex) {
			right = ex.answer();
		}
		return new Outcome((fault != null) ? fault.answer(right, "Bearer " + this.settings.token()) : right, fault);
	}

	private static void pause(Duration latency) {
		long end = System.nanoTime() + latency.toNanos();
		for (long left = latency.toNanos(); left > 0
				&& !Thread.currentThread().isInterrupted(); left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private Answer operate(Request request) {
		return switch (request.call()) {
			case LIST -> this.keyCalls.list(request);
			case GET_VALUE -> this.keyCalls.get(request);
			case GET_METADATA -> this.keyCalls.metadata(request);
			case PUT_VALUE -> this.keyCalls.put(request);
			case DELETE_VALUE -> this.bulkCalls.deleteOne(request);
			case BULK_DELETE -> this.bulkCalls.delete(request);
			case BULK_GET -> this.bulkCalls.get(request);
			case BULK_PUT -> this.bulkCalls.put(request);
			case NAMESPACE -> Answer.success(description(request.namespace()));
			case NAMESPACES -> namespaces(request);
			case VERIFY -> Answer.success(Map.of("id", "ed17574386854bf78a67040be0a770b0", "status", "active"));
		};
	}

	private Answer namespaces(Request request) {
		int page = request.number("page", 1, 1, Integer.MAX_VALUE);
		int perPage = request.number("per_page", 20, 1, 100);
		Collection<Namespace> all = this.created.values();
		List<Map<String, ?>> some = new ArrayList<>();
		all.stream()
			.skip((page - 1L) * perPage)
			.limit(perPage)
			.forEach((namespace) -> some.add(description(namespace)));
		Map<String, Object> info = new LinkedHashMap<>();
		info.put("page", page);
		info.put("per_page", perPage);
		info.put("count", some.size());
		info.put("total_count", all.size());
		return Answer.success(some, info);
	}

	private static Map<String, ?> description(Namespace namespace) {
		Map<String, Object> description = new LinkedHashMap<>();
		description.put("id", namespace.id());
		description.put("title", namespace.title());
		description.put("supports_url_encoding", true);
		return description;
	}

	/** An answer, and what made it so. */
	record Outcome(Answer answer, @Nullable Fault fault) {
	}

}
