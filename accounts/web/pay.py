"""Pay as every part of the API says it: one unit, and beside it the text that people see."""

from ninja import Field, Schema


class Pay(Schema):
    """What is paid, in rupees a year. A stipend a month counts twelve times."""

    low: int = Field(description="Rupees a year, the lowest that is stated.", examples=[800_000])
    high: int = Field(description="Rupees a year, the highest that is stated.", examples=[1_200_000])
    text: str = Field(description="As messages and pages show it.", examples=["₹8–12 LPA"])
