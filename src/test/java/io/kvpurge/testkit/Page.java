package io.kvpurge.testkit;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * A page that was drawn. It is read as XML, so that an element that is not closed, or a
 * value that is not escaped, fails the test.
 */
public final class Page {

	private final Document document;

	public Page(String html) {
		try {
			this.document = DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.parse(new InputSource(new StringReader(html)));
		}
		catch (Exception ex) {
			throw new AssertionError("the page is not well-formed: " + ex.getMessage() + "\n" + html, ex);
		}
	}

	/** What an XPath finds, as text. */
	public List<String> texts(String path) {
		try {
			NodeList nodes = (NodeList) XPathFactory.newInstance()
				.newXPath()
				.evaluate(path, this.document, XPathConstants.NODESET);
			List<String> texts = new ArrayList<>();
			for (int i = 0; i < nodes.getLength(); i++) {
				texts.add(nodes.item(i).getTextContent().strip().replaceAll("\\s+", " "));
			}
			return texts;
		}
		catch (Exception ex) {
			throw new AssertionError(path, ex);
		}
	}

	/** The text of a section. */
	public String section(String id) {
		return String.join(" ", texts("//section[@id='" + id + "']"));
	}

	/** The shapes of a class in the pictures of a section, as their SVG. */
	public List<String> shapes(String section, String kind) {
		return texts("//section[@id='" + section + "']//*[local-name()='svg'][@role='img']/*[@class='" + kind
				+ "']/@*[local-name()='width' or local-name()='x1']");
	}

}
