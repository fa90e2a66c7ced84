package adaptertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"net/textproto"
	"reflect"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"golang.org/x/tools/txtar"
)

// recorded reads the cases that did not come from our own fake: signature vectors of the provider, recorded calls. Each
// is a txtar file:
//
//	where it is from
//	-- settings --
//	auth_token=12345678901234567890123456789012
//	-- request --
//	POST https://gw.example.com/hooks/main
//	X-Acme-Signature: 3c8b...
//
//	the body, without the last line end
//	-- events --
//	[{"Kind": "inbound", "ID": "1", "From": "tel:+84901234567", "Text": "2"}]
//
// with the fields of adapters.Event, and instead of events, for a request that must be refused, "-- error --" with the
// line "forged" or "malformed". Settings replace the kit's own for this case and may be left out.
func recorded(b *bench) {
	if b.kit.Recorded == nil {
		return
	}
	names, err := fs.Glob(b.kit.Recorded, "*.txtar")
	if err != nil || len(names) == 0 {
		b.breach("no recorded cases: %v", err)
	}
	for _, name := range names {
		if err := b.replay(name); err != nil {
			b.breach("%s: %v", name, err)
		}
	}
}

func (b *bench) replay(name string) error {
	raw, err := fs.ReadFile(b.kit.Recorded, name)
	if err != nil {
		return err
	}
	archive := txtar.Parse(raw)
	if from := strings.TrimSpace(string(archive.Comment)); strings.HasPrefix(from, todo) {
		b.breach("%s: %s", name, from)
		return nil
	}
	files := map[string][]byte{}
	for _, f := range archive.Files {
		files[f.Name] = f.Data
	}
	acc := b.account
	acc.Settings = maps.Clone(acc.Settings)
	for line := range strings.Lines(string(files["settings"])) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		acc.Settings[k] = v
	}
	a, err := b.kind.Open(acc)
	if err != nil {
		return err
	}
	r, err := parseRequest(files["request"])
	if err != nil {
		return err
	}
	got, err := a.Decode(r)
	if want, ok := files["error"]; ok {
		refusal, ok := map[string]error{"forged": adapters.ErrForged, "malformed": adapters.ErrMalformed}[strings.TrimSpace(string(want))]
		if !ok || !errors.Is(err, refusal) {
			b.breach("%s: %v, want %s", name, err, want)
		}
		return nil
	}
	if err != nil {
		return err
	}
	var want []adapters.Event
	d := json.NewDecoder(bytes.NewReader(files["events"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&want); err != nil {
		return err
	}
	if len(got.Events)+len(want) > 0 && !reflect.DeepEqual(got.Events, want) {
		b.breach("%s:\n got %+v\nwant %+v", name, got.Events, want)
	}
	return nil
}

func parseRequest(data []byte) (adapters.Request, error) {
	br := bufio.NewReader(bytes.NewReader(data))
	line, err := br.ReadString('\n')
	if err != nil {
		return adapters.Request{}, errors.New("the request has no first line")
	}
	method, url, ok := strings.Cut(strings.TrimSpace(line), " ")
	if !ok {
		return adapters.Request{}, errors.New("the request's first line must be a method and a URL")
	}
	header, err := textproto.NewReader(br).ReadMIMEHeader()
	if err != nil {
		return adapters.Request{}, err
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(br); err != nil {
		return adapters.Request{}, err
	}
	return adapters.Request{Method: method, URL: url, Header: http.Header(header), Body: bytes.TrimSuffix(body.Bytes(), []byte("\n"))}, nil
}
