-- Stop sending. Where it is stopped already, that stop stands. KEYS: frozen. ARGV: by whom, why, when in ms.
-- Returns the stop that holds: names and values.
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'by', ARGV[1], 'reason', ARGV[2], 'at', ARGV[3])
end
return redis.call('HGETALL', KEYS[1])
