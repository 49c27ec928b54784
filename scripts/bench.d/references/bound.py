"""A statement of TaskHub's as it was captured, with the captured values where a request has none of its own."""


class Bound:
    def __init__(self, statement: dict) -> None:
        self.sql = statement["sql"]
        self._values = [parameter["value"] for parameter in statement["parameters"]]
        # Where in the parameters each role stands: (place, role, number among those of the role).
        self._places = []
        seen: dict[str, int] = {}
        for place, parameter in enumerate(statement["parameters"]):
            role = parameter["role"]
            if role is not None:
                self._places.append((place, role, seen.get(role, 0)))
                seen[role] = seen.get(role, 0) + 1

    def arguments(self, **given) -> list:
        """The parameters in order; `new_ids` are dealt out in turn."""
        values = self._values.copy()
        for place, role, number in self._places:
            if role == "new_id":
                values[place] = given["new_ids"][number]
            elif role in given:
                values[place] = given[role]
        return values
