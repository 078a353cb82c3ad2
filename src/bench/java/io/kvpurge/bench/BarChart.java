package io.kvpurge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars in groups as SVG, readable on light and on dark ground: text and lines
 * take their colours from what the reader prefers.
 */
final class BarChart {

	private static final int WIDTH = 800;

	private static final int LABELS = 190;

	private static final int VALUES = 170;

	private static final int BAR = 18;

	private static final int GAP = 6;

	private static final String STYLE = """
			<style>
			text { font: 13px system-ui, sans-serif; fill: #1f2328 }
			.title { font-size: 16px; font-weight: 600 } .group { font-weight: 600 } .small { font-size: 12px; fill: #59636e }
			.bar { fill: #8c959f } .ours { fill: #0969da } .spread { stroke: #1f2328; stroke-width: 1.5 }
			@media (prefers-color-scheme: dark) {
			text { fill: #e6edf3 } .small { fill: #9198a1 } .bar { fill: #656c76 } .ours { fill: #4493f8 }
			.spread { stroke: #e6edf3 }
			}
			</style>
			""";

	private final String title;

	private final String subtitle;

	private final List<Group> groups = new ArrayList<>();

	BarChart(String title, String subtitle) {
		this.title = title;
		this.subtitle = subtitle;
	}

	void add(Group group) {
		this.groups.add(group);
	}

	/** The picture; bars of all groups have one scale. */
	String svg() {
		double most = this.groups.stream()
			.flatMap((group) -> group.bars().stream())
			.mapToDouble(Bar::most)
			.max()
			.orElse(1);
		StringBuilder body = new StringBuilder();
		int y = 24;
		text(body, "title", 10, y, this.title);
		y += 20;
		text(body, "small", 10, y, this.subtitle);
		for (Group group : this.groups) {
			y += 30;
			text(body, "group", 10, y, group.label());
			y += 8;
			for (Bar bar : group.bars()) {
				bar(body, y, bar, (WIDTH - LABELS - VALUES) / most);
				y += BAR + GAP;
			}
		}
		int height = y + 10;
		return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
			.formatted(WIDTH, height, WIDTH, height) + "<title>" + escaped(this.title) + "</title>\n" + STYLE + body
				+ "</svg>\n";
	}

	private static void bar(StringBuilder body, int y, Bar bar, double scale) {
		text(body, "", 20, y + 14, bar.label());
		body.append("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" rx=\"2\"/>\n"
			.formatted(bar.ours() ? "ours" : "bar", LABELS, y, number(Math.max(1, bar.value() * scale)), BAR));
		if (bar.most() > bar.least()) {
			int middle = y + BAR / 2;
			body.append("<line class=\"spread\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>\n"
				.formatted(number(LABELS + bar.least() * scale), number(LABELS + bar.most() * scale), middle, middle));
		}
		text(body, "small", (int) (LABELS + bar.most() * scale) + 8, y + 14, bar.text());
	}

	private static void text(StringBuilder body, String style, int x, int y, String text) {
		body.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, y, escaped(text)));
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

	private static String escaped(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

	/**
	 * Bars that belong together.
	 */
	record Group(String label, List<Bar> bars) {

		Group {
			bars = List.copyOf(bars);
		}

	}

	/**
	 * A bar with its spread.
	 *
	 * @param text what stands behind it
	 * @param ours whether it is kvpurge's
	 */
	record Bar(String label, double value, double least, double most, String text, boolean ours) {
	}

}
