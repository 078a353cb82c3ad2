package io.kvpurge;

import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void a() {
	}

}
