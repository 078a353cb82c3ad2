package io.kvpurge.testkit.cloudflare;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/** Which requests go wrong: those that a test has named, and some by chance. */
final class FaultPlan {

	private final List<Scripted> script = new ArrayList<>();

	private Faults faults = Faults.none();

	private Random random = new Random(0);

	synchronized void use(Faults faults) {
		this.faults = faults;
		this.random = new Random(faults.seed());
	}

	synchronized void failNext(Call call, int times, Fault fault) {
		for (int i = 0; i < times; i++) {
			this.script.add(new Scripted(call, fault));
		}
	}

	synchronized @Nullable Fault next(Call call, boolean withCursor) {
		for (Iterator<Scripted> scripted = this.script.iterator(); scripted.hasNext();) {
			Scripted next = scripted.next();
			if (next.call == call && next.fault.fits(call, withCursor)) {
				scripted.remove();
				return next.fault;
			}
		}
		return this.faults.next(call, withCursor, this.random);
	}

	private record Scripted(Call call, Fault fault) {
	}

}
