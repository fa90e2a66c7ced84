package offers

import "time"

// Given records that an offer was given to a contact.
type Given struct {
	Offer        string    `json:"offer"`
	Code         string    `json:"code,omitempty"`
	Conversation string    `json:"conversation"`
	At           time.Time `json:"at"`
}
