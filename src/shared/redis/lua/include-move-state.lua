-- Puts a bot into exactly one of the state sets. STATES and the first key of the sets come from the includer.
local STATES = { 'waiting', 'activating', 'active', 'draining', 'failed' }
local function move_state(first_key, container, state, now)
  for index, name in ipairs(STATES) do
    if name == state then
      redis.call('ZADD', KEYS[first_key + index - 1], now, container)
    else
      redis.call('ZREM', KEYS[first_key + index - 1], container)
    end
  end
end
