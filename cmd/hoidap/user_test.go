package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/store/redistest"
)

func TestUsers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "hoidap.yaml")
	require.NoError(t, os.WriteFile(file, []byte("brand: Lụa\nhttp: {public_url: https://msg.example.com}\naccounts: {sms: {adapter: twilio}}\nredis: {url: "+redistest.Start(t).URL+"}\n"), 0o600))
	user := func(args ...string) (code int, out, errs string) {
		var o, e bytes.Buffer
		code = run(t.Context(), append(append([]string{"user"}, args...), "--config", file), strings.NewReader(""), &o, &e)
		return code, o.String(), e.String()
	}
	link := regexp.MustCompile(`^For lan@shop\.vn, once, within three days:\n  https://msg\.example\.com/console/welcome/[A-Z0-9]{26}\n$`)

	code, out, _ := user("list")
	require.Equal(t, 0, code)
	require.Contains(t, out, "Nobody may use the console yet")
	code, out, errs := user("add", "Lan@shop.vn", "--role", "admin")
	require.Equal(t, 0, code, errs)
	require.Regexp(t, link, out)
	code, _, errs = user("add", "lan@shop.vn")
	require.Equal(t, 1, code)
	require.Contains(t, errs, `"hoidap user link lan@shop.vn"`)
	code, out, _ = user("link", "lan@shop.vn")
	require.Equal(t, 0, code)
	require.Regexp(t, link, out)
	code, out, _ = user("list")
	require.Equal(t, 0, code)
	require.Regexp(t, `lan@shop\.vn +admin +\d{4}-\d\d-\d\d, has not signed in yet`, out)

	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"add", "mai", "--role", "boss"}, `there is no role "boss"`},
		{[]string{"add", "có dấu"}, "A user's name has 1 to 64 of the characters"},
		{[]string{"link", "nobody"}, `There is no user "nobody".`},
		{[]string{"remove", "nobody"}, `There is no user "nobody".`},
	} {
		code, _, errs := user(c.args...)
		require.Equal(t, 2, code, c.args)
		require.Contains(t, errs, c.says)
	}
	code, _, errs = user("remove", "lan@shop.vn")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "the only administrator")
}
