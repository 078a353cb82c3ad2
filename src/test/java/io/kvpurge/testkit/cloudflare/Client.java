package io.kvpurge.testkit.cloudflare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/** Asks the simulator, as simply as can be. */
final class Client {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final CloudflareSimulator simulator;

	private final String namespace;

	Client(CloudflareSimulator simulator, String namespace) {
		this.simulator = simulator;
		this.namespace = namespace;
	}

	static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/** A request to the namespace. */
	HttpRequest.Builder to(String path) {
		return toApi("/accounts/" + this.simulator.accountId() + "/storage/kv/namespaces/" + this.namespace + path);
	}

	HttpRequest.Builder toApi(String path) {
		return HttpRequest.newBuilder(URI.create(this.simulator.baseUrl() + path))
			.header("Authorization", "Bearer " + this.simulator.token());
	}

	HttpResponse<byte[]> send(HttpRequest.Builder request) {
		try {
			return this.http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	HttpResponse<byte[]> get(String path) {
		return send(to(path));
	}

	HttpResponse<byte[]> post(String path, String body) {
		return send(to(path).POST(HttpRequest.BodyPublishers.ofString(body)));
	}

	HttpResponse<byte[]> put(String path, String body) {
		return send(to(path).PUT(HttpRequest.BodyPublishers.ofString(body)));
	}

	HttpResponse<byte[]> bulkDelete(List<String> keys) {
		return post("/bulk/delete", Answer.JSON.writeValueAsString(keys));
	}

	static JsonNode json(HttpResponse<byte[]> answer) {
		return WriteLimits.EXACT.readTree(answer.body());
	}

	/** Status, and code of the first error. */
	static String problem(HttpResponse<byte[]> answer) {
		return answer.statusCode() + "/" + json(answer).path("errors").path(0).path("code").asInt(0);
	}

	/** The names of all pages, and where a page begins a bar. */
	List<String> listing(String prefix, int limit) {
		List<String> names = new ArrayList<>();
		String cursor = "";
		do {
			JsonNode page = json(
					get("/keys?limit=" + limit + "&prefix=" + encoded(prefix) + "&cursor=" + encoded(cursor)));
			page.get("result").forEach((key) -> names.add(key.get("name").stringValue()));
			cursor = page.at("/result_info/cursor").asString("");
			names.add("|");
		}
		while (!cursor.isEmpty());
		return names;
	}

}
