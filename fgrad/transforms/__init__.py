"""The transforms: functions of a function that return the function of its derivatives."""
