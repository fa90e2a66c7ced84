package demo

import (
	"net/http"
	"os"
	"testing"
	"time"
)

// TestServe shows the page over the scripted shop, for looking at it: HOIDAP_DEMO_SERVE=127.0.0.1:8099 go test -run
// TestServe -timeout 0 ./gateway/demo
func TestServe(t *testing.T) {
	listen := os.Getenv("HOIDAP_DEMO_SERVE")
	if listen == "" {
		t.Skip("HOIDAP_DEMO_SERVE names no address to listen on")
	}
	srv := http.Server{Addr: listen, Handler: newShop().server(nil), ReadHeaderTimeout: time.Second}
	t.Log(srv.ListenAndServe())
}
