"""Check a file of what was signed: python3 verify_sign_off.py signed-SC-000001.json

It needs Python 3 and nothing of the Compact. It works out the hash again and says who signed what; it ends
with 1 when the file is not as it was signed.
"""

import hashlib
import json
import sys
from pathlib import Path

signed = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
text = signed["content"]
content = json.loads(text)
faults = []
if hashlib.sha256(text.encode()).hexdigest() != signed["content_hash"]:
    faults.append("the content does not fit its hash")
if json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != text:
    faults.append("the content is not in its one canonical form")
if content["previous_hash"] != signed["previous_hash"]:
    faults.append("the content follows another sign-off")
who, where = content["signatory"], content["organisation"]
asked_by = content.get("authority", {}).get("of")
print(f"{signed['receipt']}: {where['name']}, signed by {who['name']}, {who['job_title']}")
if asked_by:
    print(f"on behalf of {asked_by['name']}, {asked_by['job_title']}")
print(f"at {content['signed_at']}, {len(content['answers'])} answers, {len(content['actions'])} actions")
sys.exit("NOT as it was signed: " + "; ".join(faults) if faults else 0)
