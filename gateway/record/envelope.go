package record

import (
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// Envelope is one entry of a partition's log. Exactly one of its orders is set.
type Envelope struct {
	Event *campaigns.Event `json:"event,omitempty"` // happened to a contact
	Start *StartRun        `json:"start,omitempty"` // list a run and send its slices on their way
	Slice *RunSlice        `json:"slice,omitempty"` // ask the next contacts of a partition
	Steer *SteerRun        `json:"steer,omitempty"` // pause, resume, cancel
	Link  *Link            `json:"link,omitempty"`  // an address leads to a contact of another partition
	// Suppress puts the keyed hash of an erased contact's address on the suppression list of the address's partition.
	Suppress string  `json:"suppress,omitempty"`
	Lift     string  `json:"lift,omitempty"`   // take such a hash off again: they came back themselves
	Forget   string  `json:"forget,omitempty"` // delete the partition's record of a run
	Replay   *Replay `json:"replay,omitempty"` // have dead letters of the partition again
	Tell     *Tell   `json:"tell,omitempty"`   // tell a webhook's endpoint something of a ledger once more

	Unclaim *Unclaim `json:"unclaim,omitempty"` // give back what was claimed in vain

	Reply bool `json:"reply,omitempty"` // somebody waits for the result
}

// StartRun lists a run; where it has an audience to walk through, every partition gets its first slice.
type StartRun struct {
	Run      string    `json:"run"`
	Campaign string    `json:"campaign"`
	Cause    string    `json:"cause"` // schedule, made_up, api, event
	At       time.Time `json:"at"`
	Missed   int       `json:"missed,omitempty"`    // firings that were not made up for
	ListOnly bool      `json:"list_only,omitempty"` // an event campaign: contacts come one by one
	Local    string    `json:"local,omitempty"`     // each contact's own clock time to ask at
	First    int       `json:"first,omitempty"`     // people of the audience to begin with; 0: all of them
	By       string    `json:"by,omitempty"`        // who started it by hand
}

// RunSlice asks the contacts of a partition behind After.
type RunSlice struct {
	Run      string `json:"run"`
	Campaign string `json:"campaign"`
	After    string `json:"after"`
	Local    string `json:"local,omitempty"`
	Cancel   bool   `json:"cancel,omitempty"` // do not ask, but tell that the run was called off
	First    int    `json:"first,omitempty"`  // people to stop after, going from partition to partition; 0: nobody counts
}

// SteerRun changes a run's state in a partition.
type SteerRun struct {
	Run   string `json:"run"`
	State string `json:"state"` // running, paused, cancelled
	// Whole goes on with a run that waits after its first people: with all the others, of this campaign.
	Whole    bool   `json:"whole,omitempty"`
	Campaign string `json:"campaign,omitempty"`
}

// Link makes an address lead to a contact, or where Contact is empty, nowhere.
type Link struct {
	Address string `json:"address"`
	Contact string `json:"contact"`
	Was     string `json:"was,omitempty"` // unlinking: only where it led here
}

// Replay puts dead letters back on their way. Those that are not there any more have been replayed before.
type Replay struct {
	Letters []string `json:"letters"` // their places in the partition's stream
}

// Tell names a notice that an endpoint is to have once more. What it says is made from the contact's ledger.
type Tell struct {
	Endpoint string
	Contact  string
	Notice   string
}

// Unclaim is the claim of a conversation that is over, and did not come to it.
type Unclaim struct {
	Key   string
	Offer string
	Pool  string // empty: there is no code
}

// Bytes is the envelope's stored form.
func (e Envelope) Bytes() []byte { return written(&e, 256, envelope) }

// ReadEnvelope reads it back.
func ReadEnvelope(raw []byte) (Envelope, error) { return read(raw, "event", envelope) }

// Envelope reads an envelope into e, and its event, if it has one, into room, which is empty.
func (r *Reader) Envelope(raw []byte, e *Envelope, room *campaigns.Event) error {
	if len(raw) > 0 && raw[0] == version2 {
		e.Event = room
	}
	return readField(&r.reading.coder, e, string(raw), "event", envelope)
}

func envelope(c *coder, e *Envelope) {
	maybe(c, 1, &e.Event, event)
	maybe(c, 2, &e.Start, startRun)
	maybe(c, 3, &e.Slice, runSlice)
	maybe(c, 4, &e.Steer, steerRun)
	maybe(c, 5, &e.Link, link)
	words(c, 6, &e.Suppress)
	c.flag(7, &e.Reply)
	words(c, 8, &e.Forget)
	maybe(c, 9, &e.Replay, replay)
	words(c, 10, &e.Lift)
	maybe(c, 11, &e.Tell, tell)
	maybe(c, 12, &e.Unclaim, unclaim)
}

func unclaim(c *coder, u *Unclaim) {
	words(c, 1, &u.Key)
	words(c, 2, &u.Offer)
	words(c, 3, &u.Pool)
}

func replay(c *coder, r *Replay) { c.texts(1, &r.Letters) }

func tell(c *coder, t *Tell) {
	words(c, 1, &t.Endpoint)
	words(c, 2, &t.Contact)
	words(c, 3, &t.Notice)
}

func startRun(c *coder, s *StartRun) {
	words(c, 1, &s.Run)
	words(c, 2, &s.Campaign)
	words(c, 3, &s.Cause)
	c.moment(4, &s.At)
	whole(c, 5, &s.Missed)
	c.flag(6, &s.ListOnly)
	words(c, 7, &s.Local)
	whole(c, 8, &s.First)
	words(c, 9, &s.By)
}

func runSlice(c *coder, s *RunSlice) {
	words(c, 1, &s.Run)
	words(c, 2, &s.Campaign)
	words(c, 3, &s.After)
	words(c, 4, &s.Local)
	c.flag(5, &s.Cancel)
	whole(c, 6, &s.First)
}

func steerRun(c *coder, s *SteerRun) {
	words(c, 1, &s.Run)
	words(c, 2, &s.State)
	c.flag(3, &s.Whole)
	words(c, 4, &s.Campaign)
}

func link(c *coder, l *Link) {
	words(c, 1, &l.Address)
	words(c, 2, &l.Contact)
	words(c, 3, &l.Was)
}
