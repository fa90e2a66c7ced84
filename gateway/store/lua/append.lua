-- Put an event on a log. KEYS: the log. ARGV: the event's id, its key, its body. Returns its place.
return redis.call('XADD', KEYS[1], '*', 'i', ARGV[1], 'k', ARGV[2], 'b', ARGV[3])
