package campaigns_test

import (
	"strings"
	"testing"

	"github.com/hoidap/hoidap/campaigns"
)

// A preview of the first question is the ad that it goes as, with what the market wants around it; the others are replies.
func TestThePreviewOfTheFirstQuestionIsAnAd(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Campaigns["autumn"]
	for i, want := range []string{campaigns.ClassAd, campaigns.ClassReply} {
		o := w.Preview(c, &c.Questions[i], w.Routes[1], "vi", "Lan", early)
		if o.Class != want || strings.Contains(o.Text, "[QC]") != (i == 0) {
			t.Errorf("%s: %s %q", c.Questions[i].ID, o.Class, o.Text)
		}
	}
}
