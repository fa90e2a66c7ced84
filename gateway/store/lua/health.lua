-- Keep what a replica says of an account, and drop what dead ones said, by Redis's clock.
-- KEYS: an account's replicas. ARGV: replica, TTL in ms, what it says.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local till = tonumber(string.match(all[i + 1], '^(%d+)|') or '0')
  if till <= now then redis.call('HDEL', KEYS[1], all[i]) end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[2]) .. '|' .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
