# What a package says of itself, as a resolver reads it (core metadata): what it needs, and of what.


def said_by(message):
    every = lambda name: sorted(str(one) for one in message.get_all(name) or ())
    return {"requires": every("Requires-Dist"), "extras": every("Provides-Extra"), "python": every("Requires-Python"),
            "is": [every("Name"), every("Version")]}
