package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/web"
)

func TestDebug(t *testing.T) {
	d, addr, err := web.StartDebug(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	get := func(path, host string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
		require.NoError(t, err)
		if host != "" {
			req.Host = host
		}
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode
	}
	require.Equal(t, http.StatusOK, get("/debug/pprof/", ""))
	require.Equal(t, http.StatusOK, get("/debug/pprof/goroutine?debug=1", "localhost:6060"))
	require.Equal(t, http.StatusOK, get("/debug/pprof/profile?seconds=1", ""))
	require.Equal(t, http.StatusNotFound, get("/debug/pprof/cmdline", ""))
	require.Equal(t, http.StatusNotFound, get("/metrics", ""))
	require.Equal(t, http.StatusMisdirectedRequest, get("/debug/pprof/", "evil.example.com"), "DNS rebinding")
	require.NoError(t, d.Stop())
	http.DefaultClient.CloseIdleConnections()
}

func TestDebugIsForThisMachine(t *testing.T) {
	for _, listen := range []string{":6060", "0.0.0.0:6060", "[::]:6060", "10.0.0.1:6060", "debug.example.com:6060", "", "127.0.0.1.example.com:1"} {
		_, _, err := web.StartDebug(t.Context(), listen)
		require.Error(t, err, listen)
	}
	for _, own := range []string{"127.0.0.1:1", "127.1.2.3:1", "localhost:1", "LOCALHOST", "[::1]:1", "[::1]"} {
		require.True(t, web.IsLoopback(own), own)
	}
}
