-- Lua's patterns, written in Lua: the limit of instructions holds in here too, where the library's own search in C could
-- take a lifetime for a pattern like ".-.-.-.-x". Gives find, match, gmatch and gsub.
local byte, sub, ranges = string.byte, string.sub, {
  a = "AZaz", d = "09", l = "az", s = "\9\13  ", u = "AZ", w = "09AZaz", x = "09AFaf",
  p = "!/:@[`{~", c = "\0\31\127\127", z = "\0\0",
}

-- A set of characters is a table of all 256 codes.
local function class(letter)
  local found, bounds = {}, ranges[letter:lower()]
  if not bounds then return {[byte(letter)] = true} end
  for i = 1, #bounds, 2 do
    for code = byte(bounds, i), byte(bounds, i + 1) do found[code] = true end
  end
  if letter:lower() == letter then return found end
  local others = {}
  for code = 0, 255 do others[code] = not found[code] or nil end
  return others
end

local function read_set(pattern, at)
  local found, inverted = {}, sub(pattern, at, at) == "^"
  if inverted then at = at + 1 end
  local first = true
  while true do
    local letter = sub(pattern, at, at)
    if letter == "" then error("malformed pattern (missing ']')", 0) end
    if letter == "]" and not first then break end
    first = false
    if letter == "%" then
      for code in pairs(class(sub(pattern, at + 1, at + 1))) do found[code] = true end
      at = at + 2
    elseif sub(pattern, at + 1, at + 1) == "-" and sub(pattern, at + 2, at + 2) ~= "]" and #pattern > at + 1 then
      for code = byte(letter), byte(pattern, at + 2) do found[code] = true end
      at = at + 3
    else
      found[byte(letter)] = true
      at = at + 1
    end
  end
  if inverted then
    local others = {}
    for code = 0, 255 do others[code] = not found[code] or nil end
    found = others
  end
  return found, at + 1
end

local any = {}
for code = 0, 255 do any[code] = true end

-- Reads a pattern into its parts; a part has a `kind`, or is a set of characters and how often it is there.
local function read(pattern)
  local parts, at, anchored, opened = {}, 1, sub(pattern, 1, 1) == "^", 0
  if anchored then at = 2 end
  local function add(part, length) parts[#parts + 1] = part at = at + length end
  while at <= #pattern do
    local letter, following = sub(pattern, at, at), sub(pattern, at + 1, at + 1)
    if letter == "(" and following == ")" then add({kind = "place"}, 2)
    elseif letter == "(" then opened = opened + 1 add({kind = "open"}, 1)
    elseif letter == ")" then
      opened = opened - 1
      if opened < 0 then error("invalid pattern capture", 0) end
      add({kind = "close"}, 1)
    elseif letter == "$" and at == #pattern then add({kind = "end"}, 1)
    elseif letter == "%" and following == "" then error("malformed pattern (ends with '%')", 0)
    elseif letter == "%" and following == "b" then
      if #pattern < at + 3 then error("missing arguments to '%b'", 0) end
      add({kind = "balance", from = byte(pattern, at + 2), to = byte(pattern, at + 3)}, 4)
    elseif letter == "%" and following == "f" then
      if sub(pattern, at + 2, at + 2) ~= "[" then error("missing '[' after '%f' in pattern", 0) end
      local set, after = read_set(pattern, at + 3)
      add({kind = "border", set = set}, after - at)
    elseif letter == "%" and following:byte() >= 48 and following:byte() <= 57 then
      add({kind = "again", number = tonumber(following)}, 2)
    else
      local set, length = {[byte(letter)] = true}, 1
      if letter == "." then set = any
      elseif letter == "%" then set, length = class(following), 2
      elseif letter == "[" then
        local after
        set, after = read_set(pattern, at + 1)
        length = after - at
      end
      local times = sub(pattern, at + length, at + length)
      if times ~= "*" and times ~= "+" and times ~= "-" and times ~= "?" then times = "" end
      add({set = set, times = times}, length + #times)
    end
  end
  if opened > 0 then error("unfinished capture", 0) end
  return parts, anchored
end

local function balanced(text, at, from, to)
  if byte(text, at) ~= from then return nil end
  local depth = 1
  for i = at + 1, #text do
    local code = byte(text, i)
    if code == to then depth = depth - 1 elseif code == from then depth = depth + 1 end
    if depth == 0 then return i + 1 end
  end
end

-- Returns where what matches from a part on ends; captures are written into `found`.
local match_from
local function single(text, at, parts, number, found)
  local set, times = parts[number].set, parts[number].times
  if times == "?" then
    local after = set[byte(text, at)] and match_from(text, at + 1, parts, number + 1, found)
    return after or match_from(text, at, parts, number + 1, found)
  end
  local most = at
  if times == "-" then
    while true do
      local after = match_from(text, most, parts, number + 1, found)
      if after then return after end
      if most > #text or not set[byte(text, most)] then return nil end
      most = most + 1
    end
  end
  while most <= #text and set[byte(text, most)] do most = most + 1 end
  for last = most, at + (times == "+" and 1 or 0), -1 do
    local after = match_from(text, last, parts, number + 1, found)
    if after then return after end
  end
end

match_from = function(text, at, parts, number, found)
  while true do
    local part = parts[number]
    if not part then return at end
    local kind = part.kind
    if kind == nil and part.times ~= "" then return single(text, at, parts, number, found) end
    if kind == nil then
      if at > #text or not part.set[byte(text, at)] then return nil end
      at = at + 1
    elseif kind == "end" then
      if at <= #text then return nil end
    elseif kind == "balance" then
      at = balanced(text, at, part.from, part.to)
      if not at then return nil end
    elseif kind == "border" then
      local before, after = byte(text, at - 1) or 0, byte(text, at) or 0
      if at == 1 then before = 0 end
      if part.set[before] or not part.set[after] then return nil end
    elseif kind == "again" then
      local capture = found[part.number]
      if not capture or not capture.to then error("invalid capture index", 0) end
      local wanted = sub(text, capture.from, capture.to)
      if sub(text, at, at + #wanted - 1) ~= wanted then return nil end
      at = at + #wanted
    elseif kind == "close" then
      local last = #found
      while found[last].to or found[last].place do last = last - 1 end
      found[last].to = at - 1
      local after = match_from(text, at, parts, number + 1, found)
      if not after then found[last].to = nil end
      return after
    else
      found[#found + 1] = {from = at, place = kind == "place"}
      local after = match_from(text, at, parts, number + 1, found)
      if not after then found[#found] = nil end
      return after
    end
    number = number + 1
  end
end

-- Returns the first match at or behind a place: its bounds and its captures.
local function search(text, parts, anchored, at)
  while at <= #text + 1 do
    local found = {}
    local after = match_from(text, at, parts, 1, found)
    if after then
      local values = {}
      for i, capture in ipairs(found) do
        values[i] = capture.place and capture.from or sub(text, capture.from, capture.to)
      end
      return at, after - 1, values
    end
    if anchored then return nil end
    at = at + 1
  end
end

local function place(text, init)
  init = init or 1
  if init < 0 then init = math.max(#text + init + 1, 1) end
  return math.max(init, 1)
end

local function as_text(value, name)
  if type(value) == "number" then return tostring(value) end
  if type(value) ~= "string" then error("bad argument to '" .. name .. "' (string expected, got " .. type(value) .. ")", 3) end
  return value
end

local function values_of(text, from, to, values)
  if #values == 0 then return sub(text, from, to) end
  return unpack(values)
end

local function find(text, pattern, init, plain)
  text, pattern = as_text(text, "find"), as_text(pattern, "find")
  local at = place(text, init)
  if plain then return string.find(text, pattern, at, true) end
  local parts, anchored = read(pattern)
  local from, to, values = search(text, parts, anchored, at)
  if from then return from, to, unpack(values) end
  return nil
end

local function match(text, pattern, init)
  text, pattern = as_text(text, "match"), as_text(pattern, "match")
  local parts, anchored = read(pattern)
  local from, to, values = search(text, parts, anchored, place(text, init))
  if from then return values_of(text, from, to, values) end
  return nil
end

local function gmatch(text, pattern)
  text, pattern = as_text(text, "gmatch"), as_text(pattern, "gmatch")
  local parts, at = read(pattern), 1
  return function()
    local from, to, values = search(text, parts, false, at)
    if not from then return nil end
    at = to < from and from + 1 or to + 1
    return values_of(text, from, to, values)
  end
end

local function replaced(text, from, to, values, by)
  local whole = sub(text, from, to)
  local first, value = values[1] == nil and whole or values[1], by
  if type(by) == "table" then value = by[first]
  elseif type(by) == "function" then value = by(values_of(text, from, to, values))
  else
    local pieces, at = {}, 1
    by = tostring(by)
    while at <= #by do
      local letter = sub(by, at, at)
      if letter == "%" then
        at = at + 1
        letter = sub(by, at, at)
        local number = tonumber(letter)
        if number == 0 then letter = whole
        elseif number == 1 then letter = first
        elseif number then
          if values[number] == nil then error("invalid capture index", 0) end
          letter = values[number]
        end
      end
      pieces[#pieces + 1] = letter
      at = at + 1
    end
    return table.concat(pieces)
  end
  if not value then return whole end
  if type(value) ~= "string" and type(value) ~= "number" then
    error("invalid replacement value (a " .. type(value) .. ")", 0)
  end
  return value
end

local function gsub(text, pattern, by, most)
  text, pattern = as_text(text, "gsub"), as_text(pattern, "gsub")
  local parts, anchored = read(pattern)
  local pieces, at, count = {}, 1, 0
  while not most or count < most do
    local from, to, values = search(text, parts, anchored, at)
    if not from then break end
    count = count + 1
    pieces[#pieces + 1] = sub(text, at, from - 1)
    pieces[#pieces + 1] = replaced(text, from, to, values, by)
    at = to + 1
    if to < from then
      pieces[#pieces + 1] = sub(text, from, from)
      at = from + 1
    end
    if anchored or at > #text + 1 then break end
  end
  pieces[#pieces + 1] = sub(text, at)
  return table.concat(pieces), count
end

return {find = find, match = match, gmatch = gmatch, gsub = gsub}
