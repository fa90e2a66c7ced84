package campaigns

import "github.com/hoidap/hoidap/campaigns/expr"

// Facts are what an index of audiences knows of the contact: the terms that rules are joined of. Whom no run asks has none.
func (s State) Facts() []expr.Fact {
	if s.Contact == nil || s.Into != nil {
		return nil
	}
	return expr.Facts(s.Contact)
}

// PreferenceFacts are those of the Facts that one preference makes true.
func (s State) PreferenceFacts(attribute string) []expr.Fact {
	if s.Contact == nil || s.Into != nil {
		return nil
	}
	return expr.PreferenceFacts(s.Contact, attribute)
}
