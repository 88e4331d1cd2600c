-- First filter, before citeproc: numbers of sections, figures, tables and equations as Quarto gives
-- them in a book, cross-references, links between chapters.
-- Floats leave in one shape, whatever they were written as:
--   Div.press-float{kind, number} [ Div.press-caption, Div.press-body ]
package.path = PANDOC_SCRIPT_FILE:gsub('[^/\\]+$', '') .. '?.lua;' .. package.path
local common = require 'common'
local kind, has, problem = common.kind, common.has, common.problem

local chapter = {path = '', folder = '', appendix = false}
local anchors = {}                  -- chapter path -> id of its first heading
local numbers = {}                  -- label -> {name, number}
local ids = {}                      -- every id a link may go to
local renamed = {}                  -- chapter path#id -> id, see own_id
local heads, appendices, main = {}, 0, 0
local last_level = 0
local prefix, counts = '', {}       -- '3.' or 'A.', and how many of each kind in this chapter
local has_references = false
local heading = ''                  -- the one above
local boxes = {}                    -- how many scrolling boxes have a name

local function claim(id)
  if id == '' then return end
  if ids[id] then problem('duplicate', id, chapter.path) end
  ids[id] = true
end

local function take(id)
  local k = kind(id)
  counts[k] = (counts[k] or 0) + 1
  numbers[id] = {common.names[k], prefix .. counts[k]}
  claim(id)
  return numbers[id]
end

local function float(id, caption, body, classes)
  local n = take(id)
  if #caption == 0 then problem('uncaptioned', id, chapter.path) end
  local lead = pandoc.Span({pandoc.Str(n[1] .. '\u{a0}' .. n[2] .. ':')}, {class = 'float-number'})
  local first = caption[1]
  if first and (first.t == 'Plain' or first.t == 'Para') then
    caption[1] = pandoc.Plain(pandoc.Inlines{lead, pandoc.Space()} .. first.content)
  else
    caption:insert(1, pandoc.Plain{lead})
  end
  local attr = pandoc.Attr(id, {'press-float', table.unpack(classes or {})},
    {kind = kind(id), number = n[2]})
  return pandoc.Div({pandoc.Div(caption, {class = 'press-caption'}),
    pandoc.Div(body, {class = 'press-body'})}, attr)
end

-- A heading that a callout begins with is its title, not a section.
local function callout_title(div)
  if not table.concat(div.classes, ' '):match 'callout%-%a' then return end
  local first, title = div.content[1], nil
  if div.attributes.title then
    title = pandoc.read(div.attributes.title, 'markdown').blocks[1].content
    div.attributes.title = nil
  elseif first and first.t == 'Header' then
    title = first.content
    div.content:remove(1)
  end
  if title then div.content:insert(1, pandoc.Div({pandoc.Plain(title)}, {class = 'callout-title'})) end
  return div
end

local function float_div(div)
  local id = div.identifier
  local caption, body = pandoc.Blocks{}, pandoc.Blocks{}
  for _, block in ipairs(div.content) do
    if block.t == 'Div' and has(block, 'cell-caption') then caption = block.content
    else body:insert(block) end
  end
  if not has(div, 'cell-float') then       -- written by hand: the last paragraph is the caption
    local last = body[#body]
    local image = last and last.t == 'Para' and #last.content == 1 and last.content[1].t == 'Image'
    if last and last.t == 'Para' and not image then caption = pandoc.Blocks{body:remove()} end
  end
  local figure = body[1] and body[1].t == 'Figure' and body[1]
  if figure and #body == 1 then body = figure.content end
  return float(id, caption, body, div.classes:filter(function(c) return c ~= 'cell-float' end))
end

local function equation(para)
  if not pandoc.utils.stringify(para):find('{#eq-', 1, true) then return end
  for i, x in ipairs(para.content) do
    local id = x.t == 'Str' and x.text:match '^{#(eq%-[%w_-]+)}'
    if id then
      local at = i - 1
      while at > 0 and para.content[at].t ~= 'Math' do at = at - 1 end
      if at == 0 then return end
      local n = take(id)
      local blocks = pandoc.Blocks{}
      local before = pandoc.Inlines{table.unpack(para.content, 1, at - 1)}
      if #before > 0 then blocks:insert(pandoc.Para(before)) end
      blocks:insert(pandoc.Div({pandoc.Para{para.content[at]}},
        pandoc.Attr(id, {'press-equation'}, {number = n[2]})))
      local after = pandoc.Inlines{pandoc.Str(x.text:gsub('^{#[%w_-]+}', ''), ''),
        table.unpack(para.content, i + 1)}
      if pandoc.utils.stringify(after):match '%S' then blocks:insert(pandoc.Para(after)) end
      return blocks
    end
  end
end

-- Headings of two chapters may have the same words; then the later gets an id of its own, and links
-- inside its chapter follow.
local function own_id(h)
  local id = h.identifier
  local words = pandoc.utils.stringify(h.content):lower():gsub('[^%w%s_.-]', ''):gsub('%s+', '-')
  if ids[id] and id:gsub('%-%d+$', '') == words:gsub('^[^%a]+', ''):gsub('%-%d+$', '') then
    local n = 1
    while ids[id .. '-' .. n] do n = n + 1 end
    renamed[chapter.path .. '#' .. id] = id .. '-' .. n
    h.identifier = id .. '-' .. n
  end
  claim(h.identifier)
end

-- A table without a number scrolls in a box of its own, named after what stands above it.
local function boxed(block, caption)
  local name = caption or 'Table in: ' .. heading
  boxes[name] = (boxes[name] or 0) + 1
  if boxes[name] > 1 then name = name .. ' (' .. boxes[name] .. ')' end
  return pandoc.Div({block}, pandoc.Attr('', {'press-scroll'}, {name = name}))
end

local number_pass = {
  traverse = 'topdown',
  RawBlock = function(raw)
    if raw.format == 'html' then
      for id in raw.text:gmatch '%sid="([^"]+)"' do ids[id] = true end
      if common.typst then
        local tables = pandoc.Blocks{}
        pandoc.read(raw.text, 'html'):walk{Table = function(t) t.identifier = '' tables:insert(t) end}
        return tables, false
      end
      local folder = chapter.folder
      raw.text = raw.text:gsub('href="([^"#:]*%.qmd)(#?[^"]*)"', function(path, fragment)
        return 'href="press:' .. pandoc.path.normalize(folder .. path) .. fragment .. '"'
      end)
      return raw.text:match '<table' and boxed(raw) or raw, false
    end
  end,
  RawInline = function(raw)
    if raw.format == 'html' then
      for id in raw.text:gmatch '%sid="([^"]+)"' do ids[id] = true end
    end
  end,
  Header = function(h)
    local level = h.level
    own_id(h)
    if level > last_level + 1 then
      problem('skipped', pandoc.utils.stringify(h.content), chapter.path)
    end
    last_level = level
    heading = pandoc.utils.stringify(h.content)
    if level == 1 then
      counts, prefix = {}, ''
      if anchors[chapter.path] == false then anchors[chapter.path] = h.identifier end
    end
    if has(h, 'unnumbered') then
      if kind(h.identifier) == 'sec' then
        numbers[h.identifier] = {pandoc.utils.stringify(h.content), ''}
      end
      return h
    end
    if level == 1 then
      if chapter.appendix then
        appendices = appendices + 1
        heads = {string.char(64 + appendices)}
      else
        main = main + 1
        heads = {tostring(main)}
      end
      prefix = heads[1] .. '.'
    else
      if #heads == 0 then return h end
      for i = #heads + 1, level - 1 do heads[i] = 0 end
      heads[level] = (heads[level] or 0) + 1
      for i = level + 1, 6 do heads[i] = nil end
    end
    local n = table.concat(heads, '.', 1, level)
    h.attributes.number = n
    local name = level > 1 and 'Section' or chapter.appendix and 'Appendix' or 'Chapter'
    if level == 1 and chapter.appendix then h.attributes.appendix = 'true' end
    numbers[h.identifier] = {name, n}
    return h
  end,
  Figure = function(figure)
    if kind(figure.identifier) then
      return float(figure.identifier, figure.caption.long, figure.content), false
    end
  end,
  Table = function(t)
    if kind(t.identifier) then
      local id, caption = t.identifier, t.caption.long
      t.identifier, t.caption = '', {long = {}}
      return float(id, caption, pandoc.Blocks{t}), false
    end
    if common.html then
      local caption = pandoc.utils.stringify(t.caption.long)
      return boxed(t, caption ~= '' and caption or nil), false
    end
  end,
  Para = function(para)
    local found = equation(para)
    if found then return found, false end
  end,
  Div = function(div)
    local path = div.attributes['press-chapter']
    if path then
      chapter = {path = path, folder = path:match '^(.*/)' or '',
        appendix = div.attributes['press-role'] == 'appendix'}
      anchors[path] = false
      return
    end
    if div.identifier == 'refs' then has_references = true ids.refs = true return end
    local k = kind(div.identifier)
    if (k == 'fig' or k == 'tbl') and not has(div, 'press-float') then
      local shaped = float_div(div)
      -- the body may hold raw tables, hidden parts or markers of its own
      return shaped
    end
    if not k then claim(div.identifier) end
    return callout_title(div)
  end,
  Span = function(span)
    claim(span.identifier)
  end,
}

local function reference(cite)
  local out = pandoc.Inlines{}
  for i, item in ipairs(cite.citations) do
    local k = kind(item.id)
    if not k then return end
    local n = numbers[item.id]
    if not n then
      problem('unresolved', '@' .. item.id, '')
      n = {'?', '?'}
    end
    if i > 1 then out:insert(pandoc.Str ', ') end
    local text = n[2] == '' and n[1] or n[1] .. '\u{a0}' .. n[2]
    if item.mode == 'SuppressAuthor' then text = n[2] end
    local content = pandoc.Inlines{pandoc.Str(text)}
    if #item.prefix > 0 then
      content = pandoc.Inlines(item.prefix) .. pandoc.Inlines{pandoc.Str('\u{a0}' .. n[2])}
    end
    out:insert(pandoc.Link(content, '#' .. item.id, '', {class = 'xref'}))
    out:extend(item.suffix)
  end
  return out
end

-- Where a link leads, seen from the one page or the one PDF.
local function destination(target, folder, here)
  if target:match '^%a[%w+.-]*:' or target:match '^//' then return target end
  local path, fragment = target:match '^([^#]*)(.*)$'
  if path == '' then
    target = '#' .. (renamed[here .. target] or target:sub(2))
    if not ids[target:sub(2)] then problem('unresolved', target, '') end
    return target
  end
  local full = pandoc.path.normalize(path:sub(1, 1) == '/' and path:sub(2) or folder .. path)
  while full:match '[^/]+/%.%./' do full = full:gsub('[^/]+/%.%./', '', 1) end
  if not full:match '%.qmd$' then
    problem('resource', full, target)
    return full .. fragment
  end
  if anchors[full] == nil then problem('unresolved', target, '') return '#' end
  if fragment ~= '' then
    fragment = '#' .. (renamed[full .. fragment] or fragment:sub(2))
    if not ids[fragment:sub(2)] then problem('unresolved', target, '') end
    return fragment
  end
  return '#' .. (anchors[full] or '')
end

-- A second walk in reading order, since links and images are relative to their chapter.
local function resolve(doc)
  local folder, here = '', ''
  local inlines = {
    Cite = reference,
    Link = function(link)
      link.target = destination(link.target, folder, here)
      return link
    end,
    Image = function(image)
      if not has(image, 'cell-image') and not image.src:match '^%a+:' then
        image.src = 'root:' .. pandoc.path.normalize(folder .. image.src)
        while image.src:match '[^/:]+/%.%./' do image.src = image.src:gsub('[^/:]+/%.%./', '', 1) end
      end
      return image
    end,
    RawBlock = function(raw)
      if common.html and raw.format == 'html' then
        raw.text = raw.text:gsub('href="press:([^"]*)"', function(target)
          return 'href="' .. destination('/' .. target, '', here) .. '"'
        end)
        return raw
      end
    end,
  }
  local out = pandoc.Blocks{}
  for _, block in ipairs(doc.blocks) do
    local path = block.t == 'Div' and block.attributes['press-chapter']
    if path then
      folder, here = path:match '^(.*/)' or '', path
      out:extend(block:walk(inlines).content)
    else
      out:insert(block:walk(inlines))
    end
  end
  doc.blocks = out
  return doc
end

function Pandoc(doc)
  doc = doc:walk(number_pass)
  if not has_references and doc.meta.bibliography then
    doc.blocks:insert(pandoc.Header(1, 'References', {id = 'references', class = 'unnumbered'}))
    doc.blocks:insert(pandoc.Div({}, {id = 'refs'}))
  end
  return resolve(doc)
end
