package io.kvpurge.cli;

final class Kvpurge {

	private Kvpurge() {
	}

	public static void main(String[] args) {
	}

}
