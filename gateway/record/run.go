package record

// The fields of a run's record in a partition, beside its counts.
const (
	RunCampaign = "campaign" // in the runs' partition only, as are cause and started
	RunCause    = "cause"
	RunStarted  = "started" // Unix milliseconds
	RunMissed   = "missed"
	RunState    = "state"   // running, paused, cancelled; absent: running
	RunAfter    = "after"   // the last contact that was asked
	RunFanned   = "fanned"  // "1": every contact of the partition has been asked
	RunCleared  = "cleared" // the last contact that was told that the run was called off
	RunParked   = "parked"  // "1": the slices wait for the run to be resumed, or for the queue to drain
	RunListOnly = "list_only"
	RunLocal    = "local"
	CountPrefix = "n:"
)

// The states of a run that are kept; done follows from the counts.
const (
	StateRunning   = "running"
	StatePaused    = "paused"
	StateCancelled = "cancelled"
)
