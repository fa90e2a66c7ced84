package load

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// head is what matters of a message's first lines.
type head struct {
	first   []byte // the request's or status line, valid until the next read
	length  int    // of the body
	chunked bool
	closes  bool // the connection ends after this message
}

// readHead reads up to the empty line. The first line is copied into buf.
func readHead(r *bufio.Reader, buf []byte) (h head, err error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return h, err
	}
	h.first = append(buf[:0], line...)
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return h, err
		}
		if len(line) <= 2 {
			return h, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch value = bytes.TrimSpace(value); {
		case bytes.EqualFold(name, []byte("content-length")):
			if h.length, err = strconv.Atoi(string(value)); err != nil {
				return h, fmt.Errorf("content-length: %w", err)
			}
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			h.chunked = bytes.EqualFold(value, []byte("chunked"))
		case bytes.EqualFold(name, []byte("connection")):
			h.closes = bytes.EqualFold(value, []byte("close"))
		}
	}
}

// skipBody reads a body that nobody wants to see.
func skipBody(r *bufio.Reader, h head) error {
	if !h.chunked {
		_, err := r.Discard(h.length)
		return err
	}
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return fmt.Errorf("chunk: %w", err)
		}
		if _, err := r.Discard(int(n) + 2); err != nil || n == 0 {
			return err
		}
	}
}

// exchange makes one request and returns the status of its answer.
func exchange(w io.Writer, r *bufio.Reader, request, buf []byte) (status int, closes bool, err error) {
	if _, err := w.Write(request); err != nil {
		return 0, true, err
	}
	h, err := readHead(r, buf)
	if err != nil {
		return 0, true, err
	}
	if len(h.first) < 12 {
		return 0, true, fmt.Errorf("status line %q", h.first)
	}
	if status, err = strconv.Atoi(string(h.first[9:12])); err != nil {
		return 0, true, fmt.Errorf("status line %q", h.first)
	}
	return status, h.closes, skipBody(r, h)
}
