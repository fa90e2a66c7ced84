package portal_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

var shotsIn = flag.String("shots", "", "folder for pictures of the pages")

// shots is where pictures of the pages go; "" where none are wanted.
func shots(t *testing.T) string {
	if *shotsIn != "" {
		require.NoError(t, os.MkdirAll(*shotsIn, 0o755))
	}
	return *shotsIn
}
