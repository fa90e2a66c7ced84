package twilio

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/preferences/address"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

func TestBrief(t *testing.T) {
	for in, want := range map[string]string{
		fmt.Sprintf(answer, 7): `{"num_segments":"1","sid":"SM00000000000000000000000000000007"}`,
		` { "sid" : "SM1" , "body" : "a \" } , b", "subresource_uris":{"x":[1,{"sid":"no"}]}, "price":null } `: `{"sid":"SM1"}`,
		`{"num_segments":null}`:       `{"num_segments":null}`,
		`{"sid":"a\u0062"}`:           `{"sid":"a\u0062"}`,
		`{"s\u0069d":"x"}`:            "", // the SDK reads it
		`{"sid":"SM1"`:                "",
		`{"sid":"SM1"} and more`:      "",
		`{"sid":,"num_segments":"1"}`: "",
		`{"body":"x"}`:                "",
		`{}`:                          "",
		`[]`:                          "",
		``:                            "",
		`{"a":}}`:                     "",
		`{"a":"`:                      "",
		`{"a":1,`:                     "",
	} {
		got, ok := brief([]byte(in))
		if string(got) != want || ok != (want != "") {
			t.Errorf("%s\n got %s, %v\nwant %s", in, got, ok, want)
		}
	}
}

// What is cut down says the same as the whole.
func FuzzBrief(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(answer, 7)))
	f.Add([]byte(`{"sid":"SM1","SID":"SM2","num_segments":"1","body":"a\"}"}`))
	f.Add([]byte(`{"subresource_uris":{"a":[{},[]]},"sid":null}`))
	f.Add([]byte(`{"sid":"a\u0062","num_segments":"\ud800"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var whole, cut api.ApiV2010Message
		if json.Unmarshal(in, &whole) != nil {
			return
		}
		short, ok := brief(in)
		if !ok {
			return
		}
		if err := json.Unmarshal(short, &cut); err != nil {
			t.Fatalf("%s became %s: %v", in, short, err)
		}
		if !reflect.DeepEqual(sent(&whole), sent(&cut)) {
			t.Errorf("%s became %s", in, short)
		}
	})
}

// What is shared between requests is shared by many at once; the race detector watches.
func TestSendsAtOnce(t *testing.T) {
	a, p := bundle(t, address.SMS, fake.Options{})
	const callers, each = 16, 20
	var work sync.WaitGroup
	for i := range callers {
		work.Go(func() {
			for n := range each {
				m := hello()
				m.ID = fmt.Sprintf("m%d.%d", i, n)
				m.Text = m.ID
				s, err := a.Send(t.Context(), m)
				if err != nil || len(s.IDs) != 1 {
					t.Errorf("%s: %+v, %v", m.ID, s, err)
				}
				if n%5 == 0 {
					if found, taken, err := a.Find(t.Context(), m); err == nil && taken && found.IDs[0] != s.IDs[0] {
						t.Errorf("%s was given %v and found as %v", m.ID, s.IDs, found.IDs)
					}
				}
			}
		})
	}
	work.Wait()
	texts := map[string]bool{}
	for _, m := range p.Messages() {
		if !strings.HasSuffix(m.StatusCallback, m.Body) {
			t.Errorf("%s goes with %s", m.Body, m.StatusCallback)
		}
		texts[m.Body] = true
	}
	if len(texts) != callers*each {
		t.Errorf("%d different messages", len(texts))
	}
}

// Twilio answers in a tenth of a second: thousands of messages a second take hundreds in flight.
func TestInFlight(t *testing.T) {
	a := opened(t, account(address.SMS))
	if c := a.Capabilities(); c.InFlight < 512 || c.Repeat != adapters.Finds {
		t.Errorf("%+v", c)
	}
}
