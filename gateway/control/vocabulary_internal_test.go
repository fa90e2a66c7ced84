package control

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What rules speak of is offered once, in the order in which it comes.
func TestFactsOfRules(t *testing.T) {
	t.Parallel()
	known := facts([]string{"city"}, `facts.orders >= 3 && facts.city == "Huế" && facts.orders < 9 || contact.facts_x`)
	require.Equal(t, []string{"city", "orders"}, known)
}
