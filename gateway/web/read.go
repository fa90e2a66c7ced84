package web

import (
	"errors"
	"io"
	"net/http"
)

// announcedMost is up to which size a caller is believed before the body has come, in bytes.
const announcedMost = 64 << 10

// ReadBody reads a request's body whole, into memory of just its size where that was announced. The size is bounded by the
// server. A body that breaks off is the caller's fault, and no failure of the gateway.
func ReadBody(r *http.Request) ([]byte, error) {
	body, err := whole(r)
	if tooLong := new(http.MaxBytesError); err == nil || errors.As(err, &tooLong) {
		return body, err
	}
	return nil, &Problem{Status: http.StatusBadRequest, Detail: "The body ended before it was complete.", Err: err}
}

func whole(r *http.Request) ([]byte, error) {
	if r.ContentLength <= 0 || r.ContentLength > announcedMost {
		return io.ReadAll(r.Body)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}
