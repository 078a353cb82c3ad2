package io.kvpurge.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.concurrent.Worker;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.web.WebEngine;
import javafx.scene.web.WebView;
import javafx.stage.Stage;
import javafx.util.Duration;

import javax.imageio.ImageIO;

import com.sun.javafx.webkit.WebConsoleListener;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that shows pages in WebKit without a screen, and prints what it sees of each
 * as one line of JSON. It is a process of its own, so that native code takes none of the
 * tests with it.
 */
final class WebKitProcess {

	/** Of its own, so that a machine without what WebKit needs is told from a failure. */
	static final int CANNOT_START = 77;

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final int HEIGHT = 2800;

	private static final String LOOK = """
			JSON.stringify({
			  scrollWidth: document.documentElement.scrollWidth,
			  innerWidth: window.innerWidth,
			  sections: Array.from(document.querySelectorAll('main > section'))
			    .filter(section => section.getBoundingClientRect().height > 20).map(section => section.id)
			})""";

	private static final String AXE = """
			axe.run(document, {resultTypes: ['violations']}).then(
			  result => { window.axeFound = JSON.stringify(result.violations.map(
			    found => found.id + ': ' + found.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))); },
			  problem => { window.axeFound = JSON.stringify(['axe failed: ' + problem]); });
			'begun'""";

	private final Deque<Look> looks = new ArrayDeque<>();

	private final List<String> console = new ArrayList<>();

	private final String axe = axe();

	private WebKitProcess(String[] looks) {
		for (int i = 0; i < looks.length; i += 2) {
			this.looks.add(new Look(Path.of(looks[i]), Integer.parseInt(looks[i + 1])));
		}
	}

	/** Shows pages: of each the file and the width are given. */
	public static void main(String[] looks) {
		System.setProperty("glass.platform", "Monocle");
		System.setProperty("monocle.platform", "Headless");
		System.setProperty("headless.geometry", "1200x3000-32");
		System.setProperty("prism.order", "sw");
		System.setProperty("java.awt.headless", "true");
		try {
			WebKitProcess process = new WebKitProcess(looks);
			Platform.startup(process::next);
		}
		catch (RuntimeException | LinkageError ex) {
			fail(CANNOT_START, ex);
		}
	}

	private static void fail(int status, Throwable problem) {
		System.err.println(problem);
		Runtime.getRuntime().halt(status);
	}

	private static String axe() {
		try (InputStream in = WebKitProcess.class.getResourceAsStream("/axe.min.js")) {
			return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void next() {
		Look look = this.looks.poll();
		if (look == null) {
			System.out.flush();
			Runtime.getRuntime().halt(0);
			return;
		}
		try {
			show(look);
		}
		catch (RuntimeException | LinkageError ex) {
			fail(CANNOT_START, ex);
		}
	}

	private void show(Look look) {
		this.console.clear();
		WebConsoleListener.setDefaultListener(
				(view, message, line, source) -> this.console.add(message + " (" + source + ":" + line + ")"));
		WebView view = new WebView();
		Stage stage = new Stage();
		stage.setScene(new Scene(view, look.width(), HEIGHT));
		stage.show();
		WebEngine engine = view.getEngine();
		engine.getLoadWorker().stateProperty().addListener((value, before, state) -> {
			if (state == Worker.State.FAILED) {
				fail(1, new IllegalStateException("cannot load " + look.page()));
			}
			if (state == Worker.State.SUCCEEDED) {
				engine.executeScript(this.axe);
				engine.executeScript(AXE);
				awaitAxe(() -> end(look, view, stage), engine);
			}
		});
		engine.load(look.page().toUri().toString());
	}

	private static void awaitAxe(Runnable then, WebEngine engine) {
		PauseTransition pause = new PauseTransition(Duration.millis(50));
		pause.setOnFinished((event) -> {
			if (!"".equals(engine.executeScript("window.axeFound || ''"))) {
				then.run();
			}
			else {
				pause.playFromStart();
			}
		});
		pause.play();
	}

	private void end(Look look, WebView view, Stage stage) {
		WebEngine engine = view.getEngine();
		System.out.println("{\"page\":" + JSON.writeValueAsString(look.page().getFileName().toString()) + ",\"width\":"
				+ look.width() + ",\"seen\":" + engine.executeScript(LOOK) + ",\"violations\":"
				+ engine.executeScript("window.axeFound") + ",\"console\":" + JSON.writeValueAsString(this.console)
				+ "}");
		draw(look, view);
		stage.close();
		Platform.runLater(this::next);
	}

	/** Beside the page, to be looked at. */
	private static void draw(Look look, WebView view) {
		try {
			String name = look.page().getFileName().toString().replace(".html", "-" + look.width() + ".png");
			Path picture = look.page().resolveSibling(name);
			ImageIO.write(SwingFXUtils.fromFXImage(view.snapshot(null, null), null), "png", picture.toFile());
		}
		catch (IOException ex) {
			fail(1, ex);
		}
	}

	/**
	 * One look at a page.
	 *
	 * @param page its file
	 * @param width of the window, in pixels
	 */
	private record Look(Path page, int width) {
	}

}
