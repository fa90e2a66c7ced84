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
	RunFirst    = "first" // in the runs' partition: how many people it began with
	RunLeft     = "left"  // of those, how many the slice that is parked may ask still
	RunHeldBack = "waits" // "1": the first people were asked here; the others wait for somebody to say go on
	RunWhole    = "whole" // "1": somebody said so
	RunBy       = "by"    // who started it by hand, in the runs' partition
	CountPrefix = "n:"
)

// The states of a run that are kept; done follows from the counts.
const (
	StateRunning   = "running"
	StatePaused    = "paused"
	StateCancelled = "cancelled"
)
