# What an index says (why it yanked a release) reaches the terminal and CI logs in pip's own messages: control
# characters and the signs of CI commands are made visible, as in our own words (see src/report/text.ts).
import logging, re

_signs = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
                    "|(?<=#)#(?=(?:vso)?\\[)|(?:^|(?<=[ \t\n])):(?=:)")
_record = logging.getLogRecordFactory()


def _tame(*args, **kwargs):
    record = _record(*args, **kwargs)
    text = record.getMessage()
    tamed = _signs.sub(lambda found: "\\u{%x}" % ord(found.group()), text)
    if tamed != text:
        record.msg, record.args = tamed, ()
    return record


logging.setLogRecordFactory(_tame)
