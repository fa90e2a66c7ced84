package smpp_test

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
)

//go:embed testdata/centre.js
var script string

// judged is what the other hand's centre tells.
type judged struct {
	t     *testing.T
	lines *bufio.Scanner
	in    io.Writer
}

func (j *judged) told() map[string]any {
	j.t.Helper()
	if !j.lines.Scan() {
		j.t.Fatalf("the centre ended: %v", j.lines.Err())
	}
	var x map[string]any
	if err := json.Unmarshal(j.lines.Bytes(), &x); err != nil {
		j.t.Fatal(err)
	}
	return x
}

func (j *judged) do(x any) {
	j.t.Helper()
	b, err := json.Marshal(x)
	if err != nil {
		j.t.Fatal(err)
	}
	if _, err := j.in.Write(append(b, '\n')); err != nil {
		j.t.Fatal(err)
	}
}

// acknowledged waits until n deliveries were.
func (j *judged) acknowledged(n int) {
	j.t.Helper()
	for range n {
		if x := j.told(); x["answered"] != 0.0 || x["command"] != "deliver_sm_resp" {
			j.t.Errorf("%v", x)
		}
	}
}

type object = map[string]any

// A centre by another hand understands what we say, and is understood.
func TestACentreByAnotherHand(t *testing.T) {
	t.Parallel()
	cmd := judge.Command(t, "-e", script)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	j := &judged{t, bufio.NewScanner(out), in}
	r := &rig{t: t}
	r.open("127.0.0.1:"+strconv.Itoa(int(j.told()["port"].(float64))), map[string]string{"from": "MYBRAND"})
	r.listen(5*time.Second, time.Minute)
	if x := j.told(); x["bound"] != true || x["version"] != 52.0 {
		t.Fatalf("%v", x)
	}
	r.judgeSends(j)
	r.judgeHears(j)
	j.do(object{"enquire": true})
	if x := j.told(); x["answered"] != 0.0 || x["command"] != "enquire_link_resp" {
		t.Errorf("%v", x)
	}
	go r.stop()
	if x := j.told(); x["unbound"] != true {
		t.Errorf("%v", x)
	}
}

func (r *rig) judgeSends(j *judged) {
	r.t.Helper()
	for i, text := range []string{"Xin chao @ {1} [2] ~ 5€", "Chị thích phong cách nào ạ? 😀", strings.Repeat("a{", 120), long} {
		id := "c1." + strconv.Itoa(i)
		s, err := r.send(id, text)
		if err != nil {
			r.t.Fatal(err)
		}
		got, coding := "", map[bool]float64{true: 0, false: 8}[adapters.Segments(text).Encoding == adapters.GSM7]
		var ids []string
		for n := range s.IDs {
			x := j.told()
			got += x["text"].(string)
			ids = append(ids, x["id"].(string))
			want := object{"id": x["id"], "text": x["text"], "udh": x["udh"], "to": number, "ton": 1.0, "npi": 1.0, "from": "MYBRAND", "fromTon": 5.0, "coding": coding, "receipt": 1.0, "validity": ""}
			if !reflect.DeepEqual(x, want) {
				r.t.Errorf("%v, want %v", x, want)
			}
			if udh := x["udh"].(string); len(s.IDs) > 1 && (!strings.HasPrefix(udh, "0003") || udh[6:] != "0"+strconv.Itoa(len(s.IDs))+"0"+strconv.Itoa(n+1)) {
				r.t.Errorf("part %d has the header %s", n, udh)
			}
		}
		if got != text || !reflect.DeepEqual(ids, s.IDs) || len(ids) != adapters.SegmentCount(text) {
			r.t.Errorf("%q arrived as %q, with the ids %v and %v", text, got, ids, s.IDs)
		}
	}
}

func (r *rig) judgeHears(j *judged) {
	r.t.Helper()
	for _, c := range []struct {
		do   object
		want string
		acks int
	}{
		{object{"number": number, "text": "2 {nha} @", "coding": 0}, "2 {nha} @", 1},
		{object{"number": number, "text": "dạ 2 nha", "coding": 8}, "dạ 2 nha", 1},
		{object{"number": number, "parts": []string{"Dạ chị thích ", "đồ công sở", " 😀"}}, "Dạ chị thích đồ công sở 😀", 3},
		{object{"number": number, "payload": long + long}, long + long, 1},
	} {
		j.do(c.do)
		if e := r.next(); e.Text != c.want || e.From != lan || e.Kind != adapters.Inbound {
			r.t.Errorf("%v is heard as %+v", c.do, e)
		}
		j.acknowledged(c.acks)
	}
	j.do(object{"number": number, "receipt": "A1"})
	if e := r.next(); e.Kind != adapters.Report || e.Theirs != "A1" || e.Status != adapters.Delivered {
		r.t.Errorf("%+v", e)
	}
	j.acknowledged(1)
}
