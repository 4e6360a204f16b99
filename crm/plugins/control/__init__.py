"""What a head looks at («Контроль руководителя»): the light of each client and deal, explained to the record."""
