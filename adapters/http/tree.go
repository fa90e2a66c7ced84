package http

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
)

// A tree is what a call or an answer says: map[string]any, []any, string, json.Number, bool or nil, whatever it was
// written in. Numbers stay as they are written.

var errUnreadable = errors.New("cannot be read")

// depthMost bounds how deep XML may be nested.
const depthMost = 64

// formMost bounds a form of several parts, in bytes; the body is bounded before.
const formMost = 1 << 20

func parseTree(format, contentType string, body []byte) (any, error) {
	switch format {
	case formatJSON:
		return parseJSON(body)
	case formatXML:
		return parseXML(body)
	case formatForm:
		return parseForm(contentType, body)
	}
	return string(body), nil
}

func parseJSON(body []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil, errUnreadable
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errUnreadable
	}
	return v, nil
}

// parseXML reads a document as an object of its root's name. Elements that repeat are a list, attributes are @name, and
// text beside either is #text. Namespaces are left out.
func parseXML(body []byte) (any, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	root := map[string]any{}
	for {
		t, err := d.Token()
		switch t := t.(type) {
		case xml.StartElement:
			v, err := element(d, t, depthMost)
			if err != nil {
				return nil, err
			}
			root[t.Name.Local] = v
		case nil:
			if !errors.Is(err, io.EOF) || len(root) != 1 {
				return nil, errUnreadable
			}
			return root, nil
		}
	}
}

func element(d *xml.Decoder, start xml.StartElement, depth int) (any, error) {
	if depth == 0 {
		return nil, errUnreadable
	}
	v, text := map[string]any{}, strings.Builder{}
	for _, a := range start.Attr {
		v["@"+a.Name.Local] = a.Value
	}
	for {
		t, err := d.Token()
		if err != nil {
			return nil, errUnreadable
		}
		switch t := t.(type) {
		case xml.StartElement:
			child, err := element(d, t, depth-1)
			if err != nil {
				return nil, err
			}
			add(v, t.Name.Local, child)
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if len(v) == 0 {
				return text.String(), nil
			}
			v["#text"] = text.String()
			return v, nil
		}
	}
}

// add puts a child beside those of the same name. A child is never a list itself.
func add(v map[string]any, name string, child any) {
	switch was := v[name].(type) {
	case nil:
		v[name] = child
	case []any:
		v[name] = append(was, child)
	default:
		v[name] = []any{was, child}
	}
}

func parseForm(contentType string, body []byte) (any, error) {
	kind, params, _ := mime.ParseMediaType(contentType)
	if kind != "multipart/form-data" {
		return parseQuery(string(body))
	}
	form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(formMost)
	if err != nil {
		return nil, errUnreadable
	}
	defer form.RemoveAll() //nolint:errcheck // nothing was written: the body is smaller than what is kept in memory
	return fields(form.Value), nil
}

func parseQuery(raw string) (any, error) {
	v, err := url.ParseQuery(strings.TrimSpace(raw))
	if err != nil {
		return nil, errUnreadable
	}
	return fields(v), nil
}

func fields(v url.Values) map[string]any {
	out := map[string]any{}
	for name, values := range v {
		for _, value := range values {
			add(out, name, value)
		}
	}
	return out
}

// formatOf is what a body is, by its Content-Type or, where that is missing, by how it begins.
func formatOf(contentType string, body []byte) string {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case strings.HasSuffix(kind, "json"):
		return formatJSON
	case strings.HasSuffix(kind, "xml"):
		return formatXML
	case strings.HasSuffix(kind, "form-urlencoded"), kind == "multipart/form-data":
		return formatForm
	}
	switch body = bytes.TrimSpace(body); {
	case bytes.HasPrefix(body, []byte("<")):
		return formatXML
	case bytes.HasPrefix(body, []byte("{")), bytes.HasPrefix(body, []byte("[")):
		return formatJSON
	}
	return formatForm
}
