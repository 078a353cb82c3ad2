package io.kvpurge.testkit.cloudflare;

import java.util.Random;

/** A kind of fault that comes by chance. */
public enum FaultKind {

	THROTTLED {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.throttled(retryAfter);
		}
	},

	THROTTLED_WITHOUT_RETRY_AFTER {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.throttled(null);
		}
	},

	ERROR_BEFORE {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.error(serverError(random), 10001);
		}
	},

	ERROR_AFTER {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.errorAfter(serverError(random), 10001, 1);
		}
	},

	ERROR_HALF_DONE {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.errorAfter(serverError(random), 10001, random.nextDouble());
		}
	},

	/** Nothing, all or some of it was done. */
	TIMEOUT {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.timeout(random.nextBoolean() ? random.nextInt(2) : random.nextDouble());
		}
	},

	BULK_BUSY {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.bulkBusy();
		}
	},

	CURSOR_FORGOTTEN {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.cursorForgotten();
		}
	},

	EMPTY_PAGE {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.emptyPage();
		}
	},

	SHORT_PAGE {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.shortPage();
		}
	},

	UNSUCCESSFUL {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.unsuccessful(200, random.nextDouble());
		}
	},

	UNSUCCESSFUL_AS_ERROR {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.unsuccessful(random.nextBoolean() ? 400 : serverError(random), random.nextDouble());
		}
	},

	DROPPED_BEFORE {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.dropped(0);
		}
	},

	DROPPED_AFTER {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.dropped(1);
		}
	},

	CUT {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.cut();
		}
	},

	GARBAGE {
		@Override
		Fault fault(Random random, int retryAfter) {
			return Fault.garbage(random.nextBoolean() ? 200 : serverError(random), random.nextInt(2));
		}
	};

	abstract Fault fault(Random random, int retryAfter);

	private static int serverError(Random random) {
		return random.nextBoolean() ? 500 : 503;
	}

}
