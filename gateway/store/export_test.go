package store

// Judge is what Open says to a node that answers INFO so.
func Judge(info string, first bool) (refusals []error, warnings []string) {
	told := fields(info)
	return node{addr: "it", version: told["redis_version"], policy: told["maxmemory_policy"], aof: told["aof_enabled"]}.judge(first)
}
